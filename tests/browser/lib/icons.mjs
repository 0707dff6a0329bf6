// Draws the PNG icons of an installed site from our two SVG files, in a browser.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const PUBLIC = fileURLToPath(new URL("../../../public/", import.meta.url));

/** The file, the SVG it is drawn from, and its width and height. */
export const ICONS = [
  { file: "icon-192.png", from: "favicon.svg", size: 192 },
  { file: "icon-512.png", from: "favicon.svg", size: 512 },
  // Without a margin, for systems that crop icons to their own shape.
  { file: "icon-maskable-512.png", from: "icon-maskable.svg", size: 512 },
  { file: "apple-touch-icon.png", from: "icon-maskable.svg", size: 180 },
];

const svg = (from) =>
  `data:image/svg+xml;base64,${readFileSync(PUBLIC + from).toString("base64")}`;

/** An icon as a PNG. */
export async function draw(page, { from, size }) {
  const png = await page.evaluate(
    async ({ src, size }) => {
      const image = new Image(size, size);
      image.src = src;
      await image.decode();
      const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
      canvas.getContext("2d").drawImage(image, 0, 0, size, size);
      return canvas.toDataURL("image/png").split(",")[1];
    },
    { src: svg(from), size },
  );
  return Buffer.from(png, "base64");
}

/** The difference between two PNGs: their sizes, and the largest difference of one colour channel
 * in one pixel. Two versions of a browser may antialias edges differently. */
export function compare(page, one, other) {
  return page.evaluate(
    async (sources) => {
      const [a, b] = await Promise.all(
        sources.map(async (source) => {
          const image = new Image();
          image.src = `data:image/png;base64,${source}`;
          await image.decode();
          const { naturalWidth: width, naturalHeight: height } = image;
          const canvas = Object.assign(document.createElement("canvas"), { width, height });
          const context = canvas.getContext("2d");
          context.drawImage(image, 0, 0);
          return { width, height, data: context.getImageData(0, 0, width, height).data };
        }),
      );
      const sizes = [a, b].map(({ width, height }) => `${width}x${height}`);
      if (sizes[0] !== sizes[1]) return { sizes };
      let most = 0;
      for (let at = 0; at < a.data.length; at++) {
        most = Math.max(most, Math.abs(a.data[at] - b.data[at]));
      }
      return { sizes, most };
    },
    [one, other].map((png) => png.toString("base64")),
  );
}
