// Reads what a receiver has noted, one request a line, and checks each signature with the library of the standard's makers for Node.
// usage: node verify.cjs <folder of node_modules> <file> <secret>; prints {"verified": n, "refused": n, "forged": n}
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const [folder, file, secret] = process.argv.slice(2);
const { Webhook } = createRequire(folder + "/")("standardwebhooks");
const hook = new Webhook(secret);
const clock = Date.now;
const told = { verified: 0, refused: 0, forged: 0 };
const passes = (body, headers) => {
  try {
    hook.verify(body, headers);
    return true;
  } catch {
    return false;
  }
};
for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
  const call = JSON.parse(line);
  // The moment at which it came in: the file is read later.
  Date.now = () => Number(call.headers["webhook-timestamp"]) * 1000;
  told[passes(call.body, call.headers) ? "verified" : "refused"] += 1;
  told.forged += passes(call.body + " ", call.headers) ? 1 : 0;
}
Date.now = clock;
console.log(JSON.stringify(told));
