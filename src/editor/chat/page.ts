import * as vscode from "vscode";

/** The chat view's page: a strict policy, two style sheets, and one script that the nonce lets in. */
export function chatPage(webview: vscode.Webview, extensionUri: vscode.Uri, nonce: string): string {
  const address = (...path: readonly string[]) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, "dist", "webview", ...path)).toString();
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join("; ");
  return `<!doctype html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Switchyard</title>
<link rel="stylesheet" href="${address("codicons", "codicon.css")}">
<link rel="stylesheet" href="${address("look.css")}">
</head>
<body>
<div id="app"></div>
<script type="module" nonce="${nonce}" src="${address("chat.js")}"></script>
</body>
</html>`;
}
