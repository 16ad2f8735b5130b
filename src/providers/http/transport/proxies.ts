/** The proxies between this machine and the providers. An empty text means none. */
export type Proxies = {
  /** For `http:` addresses. */
  readonly httpProxy: string;
  /** For `https:` addresses. */
  readonly httpsProxy: string;
  /** Hosts, separated by commas, to which requests go directly. */
  readonly noProxy: string;
};

/** This machine is never reached through a proxy: what is sent to it, such as private files, does not leave it. */
const LOOPBACK = "localhost,127.0.0.1,::1";

const PROTOCOLS = ["http:", "https:", "socks5:", "socks:"];

/**
 * The proxies that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name, or the same names in lower case, which take precedence.
 * `https:` addresses use the proxy of HTTP_PROXY if there is no other. Undefined if no proxy is set.
 * @throws Error that names a variable whose value is not an address. It never contains the value, which may hold a password
 */
export function proxiesIn(environment: Readonly<Record<string, string | undefined>>): Proxies | undefined {
  const read = (name: string): string => (environment[name.toLowerCase()] || environment[name]) ?? "";
  const addressOf = (name: string): string => {
    const value = read(name).trim();
    const address = value === "" || value.includes("://") ? value : `http://${value}`;
    if (address === "" || PROTOCOLS.includes(URL.parse(address)?.protocol ?? "")) return address;
    throw new Error(`${name} is not the address of a proxy, such as http://proxy.example.com:3128.`);
  };
  const httpProxy = addressOf("HTTP_PROXY");
  const httpsProxy = addressOf("HTTPS_PROXY");
  if (httpProxy === "" && httpsProxy === "") return undefined;
  return { httpProxy, httpsProxy, noProxy: `${read("NO_PROXY")},${LOOPBACK}` };
}
