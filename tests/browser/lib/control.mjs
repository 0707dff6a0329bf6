// The sandbox's control API: people, accounts, articles, the clock; and the server's address.

const DAY_S = 24 * 3600;

const base = process.env.PRAISE_BASE_URL?.replace(/\/$/, "");
if (!base) {
  console.error("PRAISE_BASE_URL is not set: run `cargo xtask test --only browser`");
  process.exit(1);
}

/** `http://localhost:8787` */
export const BASE = base;

let next = 1;
const run = Date.now().toString(36);

/** A unique name. */
export const unique = (start) => `${start}-${run}-${next++}`;

async function call(method, path, body, headers = {}) {
  const response = await fetch(BASE + path, {
    method,
    headers: { "Content-Type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
    redirect: "manual",
  });
  const text = await response.text();
  if (response.status >= 400) throw new Error(`${method} ${path} → ${response.status} ${text}`);
  return text ? JSON.parse(text) : undefined;
}

const as = (person) => ({ Cookie: `praise_session=${person.session}`, Origin: BASE });

/** A new person who can be chosen on the sign-in page. */
export async function person(name) {
  const login = unique("person");
  const { session } = await call("POST", "/sandbox/api/people", { login, name });
  return { login, name, session };
}

/** A new writer with an official account and one article. */
export async function writer(name, { currency = "CNY", article } = {}) {
  const owner = await person(name);
  const handle = unique("acc");
  const account = `${name}’s letters`;
  await call("POST", "/sandbox/api/accounts", {
    login: owner.login,
    handle,
    name: account,
    currency,
    ask: "If it kept you company, you can buy me a cup of tea.",
    thanks: "Thank you for reading to the end.",
  });
  const title = unique("A walk by the river");
  const published = await publish(owner, { account: handle, title, ...article });
  return { ...owner, handle, account, title: article?.title ?? title, path: published.path };
}

/** Publishes an article, in English by default. */
export const publish = (owner, article) =>
  call("POST", "/api/v1/studio/articles", { lang: "en", markdown: TEXT, ...article }, as(owner));

const TEXT = `It rained all morning, and then it did not.

## Along the bank

The path was soft. 路边的芦苇低着头，像在听水说话。

> Nobody was in a hurry, least of all the river.

- one heron
- two boats
`;

/** Starts a praise without a browser; returns the intent and the payment URL. */
export async function start(reader, path, minor, currency = "CNY", note, visibility = "public") {
  const slug = path.replace("/a/", "");
  const key = { "Idempotency-Key": unique("key-of-a-browser-test") };
  const body = { amount: { minor, currency }, visibility, note };
  const url = `/api/v1/articles/${slug}/praises`;
  return call("POST", url, body, { ...as(reader), ...key });
}

/** Chooses an action at the cashier without a browser. */
export async function atCashier(started, action) {
  const response = await fetch(BASE + started.payment.url, {
    method: "POST",
    body: new URLSearchParams({ action }),
    redirect: "manual",
  });
  if (response.status !== 303) throw new Error(`the cashier answered ${response.status}`);
}

/** The number of a reader's attempts that wait for their payment. */
export async function openAttempts(reader) {
  const response = await fetch(`${BASE}/me`, { headers: as(reader) });
  return (await response.text()).split('<li class="open">').length - 1;
}

/** The numbers of a reader's open attempts and praises. */
export const praiseCounts = async (reader) => ({
  open: await openAttempts(reader),
  praises: (await praises(reader)).length,
});

/** The praises that a reader gave. */
export const praises = async (reader) =>
  (await call("GET", "/api/v1/me/praises", undefined, as(reader))).items;

/** Sends a writer's reply to a praise. */
export const reply = (owner, id, text) =>
  call("POST", `/api/v1/studio/praises/${id}/reply`, { text }, as(owner));

/** The current state of an attempt. */
export const intent = (reader, id) =>
  call("GET", `/api/v1/intents/${id}`, undefined, as(reader));

/** Cancels an attempt before it is paid. */
export const cancel = (reader, { intent }) =>
  call("POST", `/api/v1/intents/${intent.id}/cancel`, undefined, as(reader));

/** Sets a reader's own limits: `{currency, praise_minor, day_minor, month_minor}`. */
export const limit = (reader, limits) => call("PUT", "/api/v1/me/limits", limits, as(reader));

/** Makes the provider's next calls of an operation fail. */
export const fault = (operation, fault, times) =>
  call("POST", "/sandbox/api/faults", { operation, fault, times });

/** An operator freezes an article: payments for it no longer become praises. */
export async function freeze(path) {
  const operator = { login: "operator-chen", subject: "operator-chen", name: "陈敏" };
  const { session } = await call("POST", "/sandbox/api/people", operator);
  const body = { article: path.replace("/a/", ""), version: 1, rule: "selling" };
  return call("POST", "/api/v1/operator/freezes", body, as({ session }));
}

/** Moves the clock forward, running the jobs on the way. */
export const advance = async (seconds) => {
  // A request for each day, so that none runs into its timeout.
  for (; seconds > DAY_S; seconds -= DAY_S) {
    await call("POST", "/sandbox/api/clock", { advance_s: DAY_S });
  }
  await call("POST", "/sandbox/api/clock", { advance_s: seconds });
};

/** Throws if the self-check finds a violation. */
export async function assertSelfCheck() {
  const { violations } = await call("GET", "/sandbox/api/self-check");
  if (violations.length > 0) throw new Error(`self-check: ${JSON.stringify(violations)}`);
}
