import { createRequire } from 'node:module';
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';
import { PAPER } from './palette.js';

export type Pen = SKRSContext2D;

/** A rectangle of a picture, in its own units (two pixels each). */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const PIXELS_PER_UNIT = 2;
const FAMILY = 'Undertone Sans';
const FACES = { normal: 'DejaVuSans.ttf', bold: 'DejaVuSans-Bold.ttf' } as const;
type Weight = keyof typeof FACES;

/** Draws on white and gives the PNG. The font comes from a package, so pictures look the same everywhere. */
export function drawPng(width: number, height: number, draw: (pen: Pen) => void): Buffer {
  registerFonts();
  const canvas = createCanvas(width * PIXELS_PER_UNIT, height * PIXELS_PER_UNIT);
  const pen = canvas.getContext('2d');
  pen.scale(PIXELS_PER_UNIT, PIXELS_PER_UNIT);
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, width, height);
  draw(pen);
  return canvas.toBuffer('image/png');
}

function registerFonts(): void {
  const { resolve } = createRequire(import.meta.url);
  for (const weight of Object.keys(FACES) as Weight[]) {
    if (GlobalFonts.has(familyOf(weight))) continue;
    GlobalFonts.registerFromPath(resolve(`dejavu-fonts-ttf/ttf/${FACES[weight]}`), familyOf(weight));
  }
}

function familyOf(weight: Weight): string {
  return weight === 'bold' ? `${FAMILY} Bold` : FAMILY;
}

export interface TextStyle {
  readonly size: number;
  readonly colour: string;
  readonly weight?: Weight;
  readonly align?: 'left' | 'center' | 'right';
  readonly baseline?: 'alphabetic' | 'middle' | 'top';
}

export function write(pen: Pen, text: string, x: number, y: number, style: TextStyle): void {
  setFont(pen, style);
  pen.fillStyle = style.colour;
  pen.textAlign = style.align ?? 'left';
  pen.textBaseline = style.baseline ?? 'alphabetic';
  pen.fillText(text, x, y);
}

export function widthOf(pen: Pen, text: string, style: Pick<TextStyle, 'size' | 'weight'>): number {
  setFont(pen, style);
  return pen.measureText(text).width;
}

function setFont(pen: Pen, { size, weight = 'normal' }: Pick<TextStyle, 'size' | 'weight'>): void {
  pen.font = `${size}px "${familyOf(weight)}"`;
}

export function line(
  pen: Pen,
  from: readonly [number, number],
  to: readonly [number, number],
  colour: string,
): void {
  pen.strokeStyle = colour;
  pen.lineWidth = 0.75;
  pen.beginPath();
  pen.moveTo(...from);
  pen.lineTo(...to);
  pen.stroke();
}
