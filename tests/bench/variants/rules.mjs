// Validates the praise form in JavaScript, with the same results as the reader bundle. The texts
// come from the `data-` attributes of the form, as in the bundle.

const NOTE_MAX = 140;
const EXPONENT = 2;
const CURRENCIES = {
  CNY: { sign: "¥", min: 100, cap: 20_000 },
  USD: { sign: "$", min: 100, cap: 3_000 },
};
const HALF_WIDTH = { ",": ".", "，": ".", "．": ".", "。": ".", "￥": "¥", "＄": "$" };
const VISIBILITIES = ["public", "anonymous", "writer"];
// Not shown as errors: the first two never, the others not while the reader is typing.
const PENDING = ["choose", "who"];
const PENDING_WHILE_TYPING = ["number", "min"];

/** The state of the confirm line: its text, whether the form can be sent, whether it is wrong. */
export function judge({ preset, amount, note, visibility }, words, settled) {
  const currency = CURRENCIES[words.currency];
  const minor = read(preset, amount, currency);
  const obstacle = obstacleOf(minor, currency, note, visibility, words.room);
  if (!obstacle) {
    const money = `${currency.sign}${(minor / 10 ** EXPONENT).toFixed(EXPONENT)}`;
    return { text: `${words.before}${money}${words.after}`, ready: true, wrong: false };
  }
  const early = !settled && PENDING_WHILE_TYPING.includes(obstacle);
  const wrong = !early && !PENDING.includes(obstacle);
  return { text: words[early ? "choose" : obstacle], ready: false, wrong };
}

/** The user-perceived characters of a note, and their maximum. */
export const counted = (note) => `${graphemes(note)}/${NOTE_MAX}`;

/** The amount in minor units, or the name of the error. */
function read(preset, typed, { sign, min, cap }) {
  if (preset && preset !== "custom") return Number(preset);
  let text = [...typed.trim()].map(halfWidth).join("");
  if (text.startsWith(sign)) text = text.slice(sign.length).trim();
  if (!text) return "choose";
  const parts = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (!parts) return "number";
  const [, whole, places = ""] = parts;
  if (places.length > EXPONENT) return "places";
  const minor = Number(`${whole}${places.padEnd(EXPONENT, "0")}`);
  if (minor < min) return "min";
  return minor > cap ? "max" : minor;
}

function obstacleOf(minor, { min, cap }, note, visibility, room) {
  if (typeof minor === "string") return minor;
  if (minor < min) return "min";
  if (minor > cap) return "max";
  if (room && minor > Number(room)) return "left";
  if (graphemes(note) > NOTE_MAX) return "note";
  return VISIBILITIES.includes(visibility) ? undefined : "who";
}

function halfWidth(c) {
  if (c >= "０" && c <= "９") return String.fromCharCode(c.charCodeAt(0) - 0xfee0);
  return HALF_WIDTH[c] ?? c;
}

let segmenter;
function graphemes(text) {
  const trimmed = text.trim();
  if (!globalThis.Intl?.Segmenter) return [...trimmed].length;
  segmenter ??= new Intl.Segmenter();
  return [...segmenter.segment(trimmed)].length;
}
