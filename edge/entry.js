// What workerd calls. Each event goes to the wasm module. A Rust panic ends as a trap, which leaves
// the module's memory in an unknown state: the next event starts a new instance.

import * as worker from "./index.js";

/** Shared with the crate `worker`, whose panic hook sets `criticalError` as well. */
const state = worker.__worker_init_state();

// Ten frames are not enough to see where a Rust panic came from.
Error.stackTraceLimit = 100;

function note(error) {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  console.error("Critical", error);
  state.criticalError = true;
}

// A trap in a task that no handler waits for.
addEventListener("error", (event) => note(event.error));

const guarded = (handler) => async (event, env, context) => {
  if (state.criticalError) {
    console.log("Starting the wasm module anew after a panic");
    worker.__wbg_reset_state();
    state.criticalError = false;
  }
  try {
    return await handler(event, env, context);
  } catch (error) {
    note(error);
    throw error;
  }
};

export default {
  fetch: guarded(worker.fetch),
  queue: guarded(worker.queue),
  scheduled: guarded(worker.scheduled),
};
