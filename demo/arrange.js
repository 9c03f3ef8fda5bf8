// Where tiles go on the stage: rectangles from sizes and counts. Pure; it touches no page.

/** Tiles may be as slim as the first and as wide as the second, width through height. */
const SHAPES = { narrow: [0.6, 16 / 9], wide: [4 / 3, 16 / 9] };
const MOST = { narrow: 8, wide: 20 };

/**
 * How many tiles fit on a page of a stage.
 * `stage`: {width, height, gap} in CSS pixels; `layout`: grid, main (a big tile and a strip) or float (one over the other).
 */
export function capacity(stage, layout) {
  const narrow = isNarrow(stage);
  if (layout === 'float') return 2;
  if (layout === 'main') {
    const strip = stripOf(stage);
    if (!strip.beside) return capacity(strip.below, 'grid');
    return Math.max(1, Math.floor((stage.height + stage.gap + 1) / (strip.tileHeight + stage.gap)));
  }
  const least = narrow ? 110 : 210;
  const columns = Math.max(1, Math.floor((stage.width + stage.gap) / (least + stage.gap)));
  const rows = Math.max(1, Math.floor((stage.height + stage.gap) / (least * (narrow ? 0.72 : 9 / 16) + stage.gap)));
  return Math.max(2, Math.min(columns * rows, narrow ? MOST.narrow : MOST.wide));
}

/** The rectangles of `count` tiles, and of the main tile where the layout has one: {main, tiles: [{x, y, width, height}]}. */
export function places(stage, layout, count) {
  if (layout === 'float') return floating(stage);
  if (layout === 'main') return besideMain(stage, count);
  return { main: null, tiles: grid(stage, count) };
}

function isNarrow(stage) {
  return stage.width < 620;
}

function grid({ width, height, gap }, count) {
  if (count === 0) return [];
  const [slimmest, widest] = isNarrow({ width }) ? SHAPES.narrow : SHAPES.wide;
  let best = null;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (width - gap * (columns - 1)) / columns;
    const cellHeight = (height - gap * (rows - 1)) / rows;
    if (cellWidth <= 0 || cellHeight <= 0) continue;
    const shape = Math.min(widest, Math.max(slimmest, cellWidth / cellHeight));
    const tileWidth = Math.min(cellWidth, cellHeight * shape);
    const tileHeight = tileWidth / shape;
    if (!best || tileWidth * tileHeight > best.area * 1.001) {
      best = { area: tileWidth * tileHeight, columns, rows, tileWidth, tileHeight };
    }
  }
  if (!best) return Array.from({ length: count }, () => ({ x: 0, y: 0, width: 0, height: 0 }));
  const { columns, rows, tileWidth, tileHeight } = best;
  const top = (height - rows * tileHeight - (rows - 1) * gap) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const left = (width - inRow * tileWidth - (inRow - 1) * gap) / 2;
    return rect(left + (index % columns) * (tileWidth + gap), top + row * (tileHeight + gap), tileWidth, tileHeight);
  });
}

/** The strip beside the main tile, or on slim stages the room below it. */
function stripOf({ width, height, gap }) {
  if (width >= 720) {
    const tileWidth = Math.min(260, Math.max(168, width * 0.19));
    return { beside: true, tileWidth, tileHeight: (tileWidth * 9) / 16 };
  }
  // Shared screens are wide: more height than this would be black.
  const mainHeight = Math.min(height * 0.66, (width * 3) / 4);
  return { beside: false, mainHeight, below: { width, height: height - mainHeight - gap, gap } };
}

function besideMain(stage, count) {
  const { width, height, gap } = stage;
  if (count === 0) return { main: rect(0, 0, width, height), tiles: [] };
  const { beside, tileWidth, tileHeight, mainHeight, below } = stripOf(stage);
  if (!beside) {
    const tiles = grid(below, count).map((tile) => ({ ...tile, y: tile.y + Math.round(mainHeight) + gap }));
    return { main: rect(0, 0, width, mainHeight), tiles };
  }
  const left = width - tileWidth;
  const top = (height - count * tileHeight - (count - 1) * gap) / 2;
  return {
    main: rect(0, 0, left - gap, height),
    tiles: Array.from({ length: count }, (_, i) => rect(left, top + i * (tileHeight + gap), tileWidth, tileHeight)),
  };
}

/** The other fills the stage, oneself floats in a corner. */
function floating({ width, height, gap }) {
  const own = Math.min(132, width * 0.34);
  return {
    main: rect(0, 0, width, height),
    tiles: [rect(width - own - gap, height - own * 1.34 - gap - 40, own, own * 1.34)],
  };
}

function rect(x, y, width, height) {
  return { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) };
}
