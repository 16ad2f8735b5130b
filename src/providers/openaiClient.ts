import type { OpenAI } from "openai";
import { type AdapterDeps, NO_KEY } from "./adapter.ts";
import { type FailureContext, failureOf } from "./failures.ts";
import { headersOf } from "./headers.ts";
import type { Transport } from "./transport.ts";

/** Makes a client of the SDK for a call, over the call's own transport. */
export type Connect = (transport: Transport) => OpenAI;

/** Loads the SDK, 107 ms the first time, and says how a client is made. @throws Failure where an address is missing */
export async function openaiConnector(deps: AdapterDeps, context: FailureContext): Promise<Connect> {
  const { OpenAI, AzureOpenAI } = await import("openai");
  const { config, key } = deps;
  const { kind, apiVersion } = config;
  // What is null here is what the SDK would otherwise take from the environment.
  const common = {
    apiKey: key ?? NO_KEY,
    adminAPIKey: null,
    webhookSecret: null,
    ...(kind === "openai" ? {} : { organization: null, project: null }),
    defaultHeaders: headersOf(config, key, process.env["OPENAI_CUSTOM_HEADERS"]),
    maxRetries: 0,
    logLevel: "off",
  } as const;
  const { baseUrl = kind === "openai" ? "https://api.openai.com/v1" : undefined } = config;
  if (kind === "azure-openai") {
    const endpoint = config.endpoint?.replace(/\/+$/, "");
    if (endpoint === undefined && baseUrl === undefined) {
      throw failureOf(context, "bad-request", "an Azure provider needs its endpoint in the settings");
    }
    if (apiVersion !== undefined) {
      const place = baseUrl === undefined ? { baseURL: null, endpoint } : { baseURL: baseUrl };
      return (fetch) => new AzureOpenAI({ ...common, ...place, apiVersion, fetch });
    }
    // Azure's v1 API has no version, and looks like OpenAI's own but for the key's header.
    const baseURL = baseUrl ?? `${endpoint}/openai/v1`;
    return (fetch) => new OpenAI({ ...common, baseURL, fetch });
  }
  if (baseUrl === undefined) {
    throw failureOf(context, "bad-request", "the provider needs a baseUrl in the settings");
  }
  return (fetch) => new OpenAI({ ...common, baseURL: baseUrl, fetch });
}
