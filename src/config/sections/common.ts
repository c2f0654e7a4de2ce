import { z } from 'zod';

/** A span of time in milliseconds, above 0. */
export const durationMs = () => z.int().positive().max(86_400_000);

/** How many of something are kept or allowed, at least 1. */
export const bound = () => z.int().positive();

/** A probability or a share, 0…1. */
export const share = () => z.number().min(0).max(1);

/** A name that is safe in metric labels, file names and Redis channels. */
export const name = () =>
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, {
    message: 'must be 1 to 63 letters, digits, dots, dashes or underscores, beginning with a letter or digit',
  });

/**
 * A value that is never printed. In the file it may be the text itself, `{file: path}` (the file's content, without
 * the final line break) or `{env: NAME}`; the loader replaces these before validation.
 */
export const secret = (minLength = 16) =>
  z.string().min(minLength, `must have at least ${minLength} characters`).meta({ secret: true });
