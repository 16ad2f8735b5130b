import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { extname, join } from "node:path";
import { inProject } from "../../scripts/project.ts";

export const themes = ["dark-modern", "light-modern", "hc-black", "hc-light"] as const;
export type Theme = (typeof themes)[number];

export const bodyClass: Readonly<Record<Theme, string>> = {
  "dark-modern": "vscode-dark",
  "light-modern": "vscode-light",
  "hc-black": "vscode-high-contrast",
  "hc-light": "vscode-high-contrast vscode-high-contrast-light",
};

const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".js": "text/javascript",
  ".ttf": "font/ttf",
};

/** Serves the built view as VS Code does: the same page and policy, with an editor that does nothing: a test can listen to the event `posted`. */
export async function servePage(): Promise<{ readonly origin: string; close(): void }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const answer = pathname === "/" ? Promise.resolve(html) : readFile(fileOf(pathname));
    answer.then(
      (body) => {
        response.setHeader("content-type", types[extname(pathname)] ?? "text/html; charset=utf-8");
        // A browser keeps compiled scripts only of files that it may cache.
        if (pathname !== "/") response.setHeader("cache-control", "max-age=3600");
        response.end(body);
      },
      () => response.writeHead(404).end(),
    );
  });
  await listening(server);
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return { origin: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
}

function fileOf(pathname: string): string {
  const name = pathname.replaceAll("..", "");
  return name.startsWith("/test/")
    ? inProject("test/webview", name.slice(6))
    : inProject(join("dist/webview", name));
}

const html = `<!doctype html>
<html lang="en" data-theme="dark-modern">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'self'; font-src 'self'; img-src data:; script-src 'nonce-n'">
<title>Switchyard</title>
<link rel="stylesheet" href="/test/themes.css">
<link rel="stylesheet" href="/codicons/codicon.css">
<link rel="stylesheet" href="/look.css">
<link rel="stylesheet" href="/test/frame.css">
</head>
<body class="vscode-dark">
<div id="app"></div>
<script nonce="n">
let state;
// The tasks that the view has scheduled and that end by themselves soon: tests wait for them (view.ts, \`settled\`).
window.pendingTasks = new Set();
window.browserFrame = window.requestAnimationFrame.bind(window);
const track = (schedule, cancel, isTracked) => {
  const run = window[schedule].bind(window);
  const stop = window[cancel].bind(window);
  window[schedule] = (task, ...rest) => {
    const id = run((...args) => { window.pendingTasks.delete(id); task(...args); }, ...rest);
    if (isTracked(...rest)) window.pendingTasks.add(id);
    return id;
  };
  window[cancel] = (id) => { window.pendingTasks.delete(id); stop(id); };
};
track("requestAnimationFrame", "cancelAnimationFrame", () => true);
track("requestIdleCallback", "cancelIdleCallback", () => true);
track("setTimeout", "clearTimeout", (ms = 0) => ms < 1000);
window.acquireVsCodeApi = () => ({
  postMessage: (message) => window.dispatchEvent(new CustomEvent("posted", { detail: message })),
  getState: () => state,
  setState: (next) => { state = next; },
});
</script>
<script type="module" nonce="n" src="/chat.js"></script>
</body>
</html>`;
