// Starts the hydrated app as Leptos does.

import init, { hydrate } from "/bench/app.js";

await init({ module_or_path: "/bench/app.wasm" });
hydrate();
document.documentElement.dataset.live = "";
