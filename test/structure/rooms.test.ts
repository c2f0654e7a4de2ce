import { dirname, join } from 'node:path/posix';
import { expect, test } from 'vitest';
import { projectFiles, textOf } from './project-files.js';

/** May be imported by every room, and import each other. */
const BASE_ROOMS = ['audio', 'bus', 'config', 'telemetry'];
/** In the order in which data passes: a room imports from the rooms before it. */
const PATH_ROOMS = ['ingest', 'calls', 'features', 'inference', 'timeline', 'sink'];
/** Import whatever they want; nobody on the path imports them. */
const OUTER_ROOMS = ['replay', 'load', 'console', 'training', 'app', 'cli'];
/** Rooms put together by the command line; they are no library and have no public face. */
const WITHOUT_INDEX = ['app', 'cli'];

interface Import {
  readonly file: string;
  readonly room: string;
  readonly target: string;
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s*'(\.[^']+)'|import\(\s*'(\.[^']+)'\s*\)|^import\s*'(\.[^']+)'/g;

function importsOf(file: string): readonly Import[] {
  const room = roomOf(file);
  return [...textOf(file).matchAll(IMPORT)].map((match) => {
    const target = join(dirname(file), (match[1] ?? match[2] ?? match[3])!);
    return { file, room, target };
  });
}

/** `src/audio/wav.ts` → `audio`; `src/app.ts` → `app`; other files at the root of `src` belong to no room. */
function roomOf(path: string): string {
  const [, room = '', ...rest] = path.split('/');
  if (rest.length > 0) return room;
  return room.startsWith('app.') ? 'app' : '';
}

const sources = projectFiles('src').filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.test.ts'));
const crossings = sources.flatMap(importsOf).filter(({ room, target }) => roomOf(target) !== room);

function mayImport(from: string, to: string): boolean {
  if (to === '' || BASE_ROOMS.includes(to)) return true;
  if (from === '' || BASE_ROOMS.includes(from)) return false;
  if (OUTER_ROOMS.includes(from)) return from === 'cli' || to !== 'cli';
  return PATH_ROOMS.includes(to) && PATH_ROOMS.indexOf(to) < PATH_ROOMS.indexOf(from);
}

test('there is something to look at', () => {
  expect(sources.length).toBeGreaterThan(50);
  expect(crossings.length).toBeGreaterThan(50);
});

test('every folder of src is a room that has a place', () => {
  const rooms = new Set(sources.map(roomOf).filter((room) => room !== ''));
  const known = [...BASE_ROOMS, ...PATH_ROOMS, ...OUTER_ROOMS];
  expect([...rooms].filter((room) => !known.includes(room))).toEqual([]);
});

test('rooms import only base rooms and rooms before them', () => {
  const wrong = crossings.filter(({ room, target }) => !mayImport(room, roomOf(target)));
  expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
});

test("rooms are entered through their index, and a test's support is not the product's", () => {
  const wrong = crossings.filter(({ target }) => {
    const room = roomOf(target);
    if (target.startsWith('test/')) return true;
    return room !== '' && !WITHOUT_INDEX.includes(room) && target !== `src/${room}/index.js`;
  });
  expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([]);
});

/** What pure code may not touch: everything it needs is handed in. */
const IMPURE =
  /from 'node:(?!crypto')|\bprocess\.|\bDate\.now\(|\bsetTimeout\(|\bsetInterval\(|\bMath\.random\(/;

test('features, timeline and the protocol parsers are pure', () => {
  const pure = sources.filter((file) => /^src\/(features|timeline|ingest\/telephony)\//.test(file));
  expect(pure.length).toBeGreaterThan(15);
  expect(pure.filter((file) => IMPURE.test(textOf(file)))).toEqual([]);
});
