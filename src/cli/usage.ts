/** What `switchyard --help` says. */
export const USAGE = `Usage: switchyard <command> [options]

Commands:
  decide      say where prompts would go, and why; nothing is asked and nothing is spent
  serve       answer the tools of this machine, in OpenAI's format

Options:
  -h, --help  this text; after a command, the command's own
  --version   the version
`;

/** What `switchyard decide --help` says. */
export const DECIDE_USAGE = `Usage: switchyard decide --settings FILE [--input FILE] [--output FILE] [--world FILE] [--summary]

Says for each prompt which route and model it would go to, and why. Nothing is asked and nothing is spent.

  --settings FILE  a VS Code settings file; comments are allowed
  --input FILE     one JSON object a line; left out, or "-": stdin
  --output FILE    one JSON object a line, in the same order; left out, or "-": stdout
  --world FILE     what to assume instead of a good day (JSON, comments are allowed)
  --summary        prompts and expected cost by route and model, on stderr at the end
  -h, --help       this text

A line of the input has a "prompt" and may have "context" (attached code), "command", "language", "paths", "user",
"tier", "conversation" and "expectedOutputTokens". Lines of one conversation follow each other: each decision is the
answer that the next one is judged by.

The world may have "remainingUsd", "openBreakers" (refs of models, or providers), "missingKeys" (providers),
"rateLimits" (ref: seconds), "latency" (ref: {firstTokenMs, tokensPerSecond}) and "now" (an ISO date). What is left out
is as on a good day: every provider has a key and answers, and the whole budget is left.

Exit code: 0; 1 if a line could not be read (the others are decided); 2 if it was called wrongly or a file cannot be read.
`;

/** What `switchyard serve --help` says. */
export const SERVE_USAGE = `Usage: switchyard serve --settings FILE [--port N] [--token TOKEN] [--ledger FILE]

Answers tools on this machine in OpenAI's format, on 127.0.0.1 only: POST /v1/chat/completions and GET /v1/models. The
model is "auto", the name of a route, or a provider/model.

  --settings FILE  a VS Code settings file; comments are allowed
  --port N         where to listen; 0: any free port; left out: 4141
  --token TOKEN    what tools must send as their API key; left out: a new one, which is printed
  --ledger FILE    where spend and decisions are remembered; left out: where the editor keeps them
  -h, --help       this text

Keys are read from the environment: OPENAI_API_KEY and its like, or the variable that a provider's "apiKeyEnv" names.

SIGINT (Ctrl+C) or SIGTERM lets the answers that run end; a second one ends at once. Exit code: 0; 1 if it could not
start, e.g. because the port is in use; 2 if it was called wrongly or a file cannot be read.
`;
