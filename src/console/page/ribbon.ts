import type { Hole, Point } from '../../timeline/index.js';

/** A stretch of a timeline that looks the same throughout. */
export interface Piece {
  readonly kind: 'emotion' | 'uncertain' | 'silent' | 'gap' | 'pause' | 'overload' | 'error';
  /** The emotion, for kind `emotion`. */
  readonly label: Exclude<Point['label'], 'uncertain'>;
  /** Media time. */
  readonly startMs: number;
  readonly endMs: number;
  /** Mean over its points; null where nothing was classified. */
  readonly confidence: number | null;
  readonly points: number;
}

/** Hop of the default front end, for a track too short to show its own. */
const DEFAULT_HOP_MS = 512;

/**
 * The pieces of one leg, oldest first, never overlapping. Windows overlap, so a point stands for what it adds: the
 * time from the end of the window before it to its own end. A hole reaches until the first window free of it ends.
 * @param points ascending by window index
 * @param holes ascending by first window index
 */
export function piecesOf(points: readonly Point[], holes: readonly Hole[]): Piece[] {
  const hopMs = hopOf(points);
  const pieces: Piece[] = [];
  let lastWindow = -1;
  for (const item of inOrder(points, holes)) {
    const previous = pieces.at(-1);
    const follows = firstWindow(item) === lastWindow + 1;
    const startMs = follows
      ? (previous?.endMs ?? item.startMs)
      : Math.max(previous?.endMs ?? 0, startOf(item, hopMs));
    append(pieces, pieceOf(item, startMs));
    lastWindow = 'windowIndex' in item ? item.windowIndex : item.toWindowIndex;
  }
  return pieces;
}

/** Milliseconds from one window to the next, as the points show it. */
export function hopOf(points: readonly Point[]): number {
  const [a, b] = [points[0], points.at(-1)];
  if (a === undefined || b === undefined || a.windowIndex === b.windowIndex) return DEFAULT_HOP_MS;
  return (b.endMs - a.endMs) / (b.windowIndex - a.windowIndex);
}

function pieceOf(item: Point | Hole, startMs: number): Piece {
  const base = { startMs, endMs: item.endMs, label: null, confidence: null, points: 1 };
  if ('reason' in item) return { ...base, kind: item.reason, points: 0 };
  if (item.status === 'silent' || item.label === null) return { ...base, kind: 'silent' };
  if (item.label === 'uncertain') return { ...base, kind: 'uncertain', confidence: item.confidence };
  return { ...base, kind: 'emotion', label: item.label, confidence: item.confidence };
}

function append(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1);
  const isSame = last?.kind === piece.kind && last.label === piece.label && last.endMs === piece.startMs;
  if (isSame) pieces[pieces.length - 1] = joined(last, piece);
  else pieces.push(piece);
}

function joined(a: Piece, b: Piece): Piece {
  const points = a.points + b.points;
  const confidence =
    a.confidence === null || b.confidence === null
      ? null
      : (a.confidence * a.points + b.confidence * b.points) / points;
  return { ...a, endMs: b.endMs, confidence, points };
}

function inOrder(points: readonly Point[], holes: readonly Hole[]): (Point | Hole)[] {
  if (holes.length === 0) return [...points];
  return [...points, ...holes].sort((a, b) => firstWindow(a) - firstWindow(b));
}

function firstWindow(item: Point | Hole): number {
  return 'windowIndex' in item ? item.windowIndex : item.fromWindowIndex;
}

function startOf(item: Point | Hole, hopMs: number): number {
  return 'windowIndex' in item && item.windowIndex > 0 ? item.endMs - hopMs : item.startMs;
}
