/**
 * Makes the demo calls in demo/ with espeak-ng and sox: `node scripts/make-demo.mjs`. Every voice is synthetic.
 * The same versions of both programs make the same bytes.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DEMO_DIR = join(dirname(fileURLToPath(import.meta.url)), '..', 'demo');
const RATE_HZ = 8000;
/** Level of the line's noise below full scale: heard in pauses, far below speech. */
const NOISE_DBFS = -57;
/** Loudest sample of a call; the rest is headroom. */
const PEAK = 0.7;

/** How espeak-ng is told to speak: pitch 0–99, words a minute, amplitude 0–200, liveliness of the melody in percent. */
const MOODS = {
  calm: { pitch: 42, speed: 160, amplitude: 95, range: 90 },
  tense: { pitch: 55, speed: 182, amplitude: 125, range: 130 },
  angry: { pitch: 72, speed: 205, amplitude: 190, range: 190 },
  sad: { pitch: 22, speed: 122, amplitude: 60, range: 45 },
  happy: { pitch: 78, speed: 178, amplitude: 120, range: 200 },
  afraid: { pitch: 88, speed: 208, amplitude: 85, range: 120 },
};

/** [who, mood, words, milliseconds of silence before them; less than 0: into the other's words]. */
const CALLS = [
  {
    file: 'billing-dispute.wav',
    title: 'Charged twice: calm, then angry, then calm again',
    queue: 'billing',
    customer: 'en-us+f2',
    agent: 'en-gb+m3',
    turns: [
      ['agent', 'calm', 'Billing, good morning. How can I help you?', 700],
      [
        'customer',
        'calm',
        'Good morning. I have a question about my last bill. I think I was charged twice.',
        500,
      ],
      ['agent', 'calm', 'Let me have a look. It says here that both payments are correct.', 600],
      ['customer', 'tense', 'No, that cannot be right. I have only one contract with you.', 350],
      ['agent', 'calm', 'The system shows two payments, so I am afraid', 300],
      [
        'customer',
        'angry',
        'I do not care what the system shows! You took my money twice! I want it back, now!',
        -700,
      ],
      ['customer', 'angry', 'This is the third time that I am calling you about it! The third time!', 250],
      ['agent', 'calm', 'I understand. I am sending the money back to you at this moment.', 700],
      ['customer', 'tense', 'Well. That is what I wanted to hear.', 600],
      ['customer', 'calm', 'Thank you. And I am sorry that I was loud.', 500],
    ],
  },
  {
    file: 'lost-parcel.wav',
    title: 'A parcel that did not come: worried, then sad',
    queue: 'deliveries',
    customer: 'en-gb+f4',
    agent: 'en-us+f1',
    turns: [
      ['agent', 'calm', 'Deliveries, hello.', 600],
      [
        'customer',
        'afraid',
        'Hello, my parcel should have been here yesterday, and nobody can tell me where it is!',
        450,
      ],
      ['agent', 'calm', 'What was in it?', 400],
      ['customer', 'afraid', 'My passport! My passport was in it, and I have to fly on Friday!', 350],
      ['agent', 'calm', 'One moment, I am asking the depot.', 500],
      ['agent', 'calm', 'I am sorry. They have not found it.', 4200],
      ['customer', 'sad', 'Oh no. Then I will not see my mother this year.', 1200],
      ['customer', 'sad', 'She is eighty nine years old. I had promised her.', 900],
      ['agent', 'calm', 'I am so sorry. I will stay with it and call you tonight.', 800],
      ['customer', 'sad', 'All right. Thank you for trying.', 900],
    ],
  },
  {
    file: 'holiday-rebooked.wav',
    title: 'A holiday moved: neutral, surprised, happy',
    queue: 'travel',
    customer: 'en-us+m7',
    agent: 'en-gb-scotland+f3',
    turns: [
      ['agent', 'calm', 'Travel desk, what can I do for you?', 600],
      ['customer', 'calm', 'I booked a week by the sea in May, and I would like to move it to June.', 450],
      ['agent', 'calm', 'June is nearly full. Let me see. Yes, there is one room left.', 900],
      ['customer', 'tense', 'And what would that cost me?', 350],
      ['agent', 'happy', 'Nothing at all. It is even the better room, with a balcony.', 450],
      ['customer', 'happy', 'Really? With a balcony? That is wonderful!', 300],
      ['customer', 'happy', 'My wife will be so happy! We wanted one all along!', 300],
      ['agent', 'happy', 'Then I will send you the new papers today.', -250],
      ['customer', 'happy', 'Thank you so much! You have made my day!', 400],
      ['agent', 'calm', 'Have a good journey. Goodbye.', 400],
    ],
  },
];

mkdirSync(DEMO_DIR, { recursive: true });
for (const [index, call] of CALLS.entries()) {
  const [customer, agent] = tracksOf(call);
  const stereo = interleave(levelled(customer), levelled(agent), randomSource(index + 1));
  writeWav(join(DEMO_DIR, call.file), stereo);
  console.log(`${call.file}: ${(stereo.length / 2 / RATE_HZ).toFixed(1)} s`);
}
const list = CALLS.map(({ file, title, queue }) => ({
  file,
  title,
  queue,
  legs: ['customer', 'agent'],
  synthetic: true,
}));
writeFileSync(join(DEMO_DIR, 'calls.json'), `${JSON.stringify(list, null, 2)}\n`);

/** Both parties' samples, −1…1, equally long. */
function tracksOf({ customer, agent, turns }) {
  const voices = { customer, agent };
  const spoken = [];
  let at = 0;
  for (const [who, mood, words, pauseMs] of turns) {
    const samples = speak(voices[who], MOODS[mood], words);
    at = Math.max(0, at + Math.round((pauseMs / 1000) * RATE_HZ));
    spoken.push({ who, at, samples });
    at += samples.length;
  }
  const length = at + RATE_HZ;
  return ['customer', 'agent'].map((who) => {
    const track = new Float32Array(length);
    for (const turn of spoken) if (turn.who === who) track.set(turn.samples, turn.at);
    return track;
  });
}

/** Words as a telephone would carry them: 300–3400 Hz, 8 kHz. */
function speak(voice, { pitch, speed, amplitude, range }, words) {
  const text = `<speak><prosody range="${range}%">${words}</prosody></speak>`;
  const settings = ['-m', '-v', voice, '-p', pitch, '-s', speed, '-a', amplitude].map(String);
  const wav = execFileSync('espeak-ng', [...settings, '--stdout', text], { maxBuffer: 2 ** 26 });
  const raw = ['-t', 'raw', '-r', String(RATE_HZ), '-e', 'floating-point', '-b', '32', '-c', '1', '-'];
  const phone = ['highpass', '280', 'lowpass', '3400', 'rate', '-v', String(RATE_HZ)];
  const bytes = sox(
    [
      '-',
      ...raw,
      'gain',
      '-6',
      ...phone,
      'silence',
      '1',
      '0.02',
      '0.3%',
      'reverse',
      'silence',
      '1',
      '0.02',
      '0.3%',
      'reverse',
    ],
    wav,
  );
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function levelled(track) {
  const peak = track.reduce((max, sample) => Math.max(max, Math.abs(sample)), 0);
  return track.map((sample) => (sample / peak) * PEAK);
}

/** [customer, agent, customer, agent, …] with a floor of line noise, 16 bit. */
function interleave(customer, agent, random) {
  const noise = [pinkNoise(random), pinkNoise(random)];
  const out = new Int16Array(customer.length * 2);
  for (let i = 0; i < customer.length; i++) {
    out[i * 2] = Math.round((customer[i] + noise[0]()) * 32767);
    out[i * 2 + 1] = Math.round((agent[i] + noise[1]()) * 32767);
  }
  return out;
}

/** Noise that falls with frequency (Paul Kellet's economy filter), at {@link NOISE_DBFS}. */
function pinkNoise(random) {
  const gain = 10 ** (NOISE_DBFS / 20) / 1.3;
  let [a, b, c] = [0, 0, 0];
  return () => {
    const white = random() * 2 - 1;
    a = 0.99765 * a + white * 0.099046;
    b = 0.963 * b + white * 0.2965164;
    c = 0.57 * c + white * 1.0526913;
    return (a + b + c + white * 0.1848) * gain;
  };
}

/** 0…1, the same sequence for the same seed (mulberry32). */
function randomSource(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** µ-law, two channels: customer, agent. */
function writeWav(path, stereo) {
  const raw = ['-t', 'raw', '-r', String(RATE_HZ), '-e', 'signed-integer', '-b', '16', '-c', '2', '-'];
  sox([...raw, '-e', 'u-law', '-b', '8', path], Buffer.from(stereo.buffer));
}

function sox(args, input) {
  return execFileSync('sox', ['-D', '-R', '-V1', ...args], { input, maxBuffer: 2 ** 28 });
}
