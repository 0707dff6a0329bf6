// What the fields of the praise form mean, in JavaScript: the same as the reader bundle says. The
// words stand in the `data-` attributes of the form, as they do for everybody.

const NOTE_MAX = 140;
const EXPONENT = 2;
const CURRENCIES = {
  CNY: { sign: "¥", min: 100, cap: 20_000 },
  USD: { sign: "$", min: 100, cap: 3_000 },
};
const HALF_WIDTH = { ",": ".", "，": ".", "．": ".", "。": ".", "￥": "¥", "＄": "$" };
const VISIBILITIES = ["public", "anonymous", "writer"];
// Not worth a word: the first two ever, the others while somebody types.
const PENDING = ["choose", "who"];
const PENDING_WHILE_TYPING = ["number", "min"];

/** The confirm line: what it says, whether the form can be sent, whether something is wrong. */
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

/** Characters as people count them, against how many a note may have. */
export const counted = (note) => `${graphemes(note)}/${NOTE_MAX}`;

/** Minor units, or the name of what is wrong. */
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
