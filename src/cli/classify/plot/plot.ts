import type { FrontEnd } from '../../../features/index.js';
import type { Leg } from '../../../ingest/index.js';
import type { Entry } from '../entry.js';
import { type Stretch, stretchesOf } from '../stretches.js';
import { drawTicks, timeAxis } from './axis.js';
import { type Box, drawPng, line, type Pen, widthOf, write } from './canvas.js';
import { CURVES, drawCurves } from './curves-panel.js';
import { FAINT_INK, GRID, INK } from './palette.js';
import { drawLegend, drawRibbon } from './ribbon-panel.js';
import { spectrogramOf } from './spectrogram.js';
import { drawSpectrogram } from './spectrogram-panel.js';

/** One leg of a picture: what was heard and what was made of it. */
export interface PlottedLeg {
  readonly leg: Leg;
  readonly samples: Float32Array;
  readonly entries: readonly Entry[];
}

export interface Picture {
  readonly title: string;
  readonly sampleRateHz: number;
  readonly frontEnd: FrontEnd;
  readonly legs: readonly PlottedLeg[];
}

const WIDTH = 1100;
const MARGIN = { left: 66, right: 24, top: 58, bottom: 34 };
const HEIGHTS = { legTitle: 26, spectrogram: 210, gap: 10, ribbon: 44, caption: 30, curves: 120, legGap: 36 };
const LEG_HEIGHT =
  HEIGHTS.legTitle + HEIGHTS.spectrogram + HEIGHTS.gap + HEIGHTS.ribbon + HEIGHTS.caption + HEIGHTS.curves;

/** Spectrogram, ribbon of emotions, valence and arousal of each leg over one time axis; a PNG. */
export function plotTimeline(picture: Picture): Buffer {
  const { legs } = picture;
  const height = MARGIN.top + legs.length * (LEG_HEIGHT + HEIGHTS.legGap) + MARGIN.bottom - HEIGHTS.legGap;
  return drawPng(WIDTH, height, (pen) => {
    write(pen, picture.title, MARGIN.left, 34, { size: 17, colour: INK, weight: 'bold' });
    legs.forEach((leg, index) => {
      drawLeg(pen, picture, leg, MARGIN.top + index * (LEG_HEIGHT + HEIGHTS.legGap));
    });
  });
}

function drawLeg(pen: Pen, picture: Picture, { leg, samples, entries }: PlottedLeg, top: number): void {
  const boxes = layOut(top);
  const durationMs = (samples.length * 1000) / picture.sampleRateHz;
  const axis = timeAxis(Math.max(1, durationMs), boxes.spectrogram);
  const stretches = stretchesOf(entries, leg);
  drawLegTitle(pen, leg, stretches, top);
  const image = spectrogramOf(samples, picture.sampleRateHz, picture.frontEnd);
  drawSpectrogram(pen, image, picture.frontEnd, boxes.spectrogram);
  drawRibbon(pen, stretches, axis, boxes.ribbon);
  outline(pen, boxes.ribbon);
  drawCurveCaption(pen, boxes.curves);
  drawCurves(pen, entries, axis, boxes.curves);
  drawTicks(pen, axis, boxes.curves.y + boxes.curves.height);
}

function layOut(top: number): { spectrogram: Box; ribbon: Box; curves: Box } {
  const across = { x: MARGIN.left, width: WIDTH - MARGIN.left - MARGIN.right };
  const spectrogramY = top + HEIGHTS.legTitle;
  const ribbonY = spectrogramY + HEIGHTS.spectrogram + HEIGHTS.gap;
  const curvesY = ribbonY + HEIGHTS.ribbon + HEIGHTS.caption;
  return {
    spectrogram: { ...across, y: spectrogramY, height: HEIGHTS.spectrogram },
    ribbon: { ...across, y: ribbonY, height: HEIGHTS.ribbon },
    curves: { ...across, y: curvesY, height: HEIGHTS.curves },
  };
}

function drawLegTitle(pen: Pen, leg: Leg, stretches: readonly Stretch[], top: number): void {
  write(pen, leg, MARGIN.left, top + 15, { size: 13, colour: FAINT_INK, weight: 'bold' });
  const indent = widthOf(pen, leg, { size: 13, weight: 'bold' }) + 24;
  drawLegend(pen, stretches, MARGIN.left + indent, top + 15);
}

function drawCurveCaption(pen: Pen, box: Box): void {
  let x = box.x;
  for (const { name, colour, meaning } of CURVES) {
    pen.fillStyle = colour;
    pen.fillRect(x, box.y - 13, 16, 3);
    write(pen, name, x + 22, box.y - 8, { size: 11, colour: INK, weight: 'bold' });
    const after = x + 22 + widthOf(pen, name, { size: 11, weight: 'bold' }) + 8;
    write(pen, meaning, after, box.y - 8, { size: 11, colour: FAINT_INK });
    x = after + widthOf(pen, meaning, { size: 11 }) + 28;
  }
}

function outline(pen: Pen, box: Box): void {
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  for (const y of [box.y, bottom]) line(pen, [box.x, y], [right, y], GRID);
}
