import workletUrl from './mic-worklet.ts?worker&url';

/** Unsent audio at which the connection is called too slow: two seconds at 48 kHz. */
const MAX_UNSENT_BYTES = 192_000;
const CONNECT_MS = 10_000;

export interface MicrophoneHandlers {
  /** About 25 times a second. dB relative to full scale. */
  onLevel(levelDbfs: number): void;
  /** The microphone stopped by itself; `problem` says why in words for the speaker. */
  onEnd(problem: string): void;
}

export interface Microphone {
  readonly callId: string;
  /** Says goodbye to the feed and lets go of the microphone. */
  stop(): void;
}

interface Captured {
  readonly pcm: ArrayBuffer;
  readonly levelDbfs: number;
}

/**
 * Sends the microphone as one customer's leg to the generic feed at `url`.
 * Rejects with an Error whose message is meant for the speaker.
 */
export async function openMicrophone(url: string, handlers: MicrophoneHandlers): Promise<Microphone> {
  const stream = await askForMicrophone();
  const context = new AudioContext();
  const release = (): void => {
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
  try {
    const capture = await captureNode(context, stream);
    const socket = await connect(url);
    return converse({ socket, capture, handlers, release, sampleRateHz: context.sampleRate, stream });
  } catch (error) {
    release();
    throw error;
  }
}

async function askForMicrophone(): Promise<MediaStream> {
  if (navigator.mediaDevices === undefined) {
    throw new Error(
      'Browsers give the microphone only to pages opened by https or as localhost. Open this page so.',
    );
  }
  try {
    // Level and noise are part of how a voice sounds, so the browser is asked to leave them alone.
    const audio = {
      channelCount: 1,
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
    };
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (error) {
    throw new Error(refusalWords(error), { cause: error });
  }
}

function refusalWords(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError') {
    return 'The browser did not allow the microphone. Allow it by the sign beside the address, then try again.';
  }
  if (name === 'NotFoundError') return 'No microphone was found. Plug one in, then try again.';
  if (name === 'NotReadableError')
    return 'The microphone is in use by another program. Close that one, then try again.';
  return `The microphone could not be opened (${name || String(error)}).`;
}

async function captureNode(context: AudioContext, stream: MediaStream): Promise<AudioWorkletNode> {
  await context.audioWorklet.addModule(workletUrl);
  const node = new AudioWorkletNode(context, 'undertone-capture', { numberOfOutputs: 0 });
  context.createMediaStreamSource(stream).connect(node);
  return node;
}

function connect(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  return new Promise((resolve, reject) => {
    const fail = (): void => {
      socket.close();
      reject(new Error('Undertone did not take the connection. Look at the state of its generic feed.'));
    };
    const timer = setTimeout(fail, CONNECT_MS);
    socket.onerror = fail;
    socket.onopen = () => {
      clearTimeout(timer);
      resolve(socket);
    };
  });
}

interface Conversation {
  readonly socket: WebSocket;
  readonly capture: AudioWorkletNode;
  readonly stream: MediaStream;
  readonly handlers: MicrophoneHandlers;
  readonly sampleRateHz: number;
  readonly release: () => void;
}

function converse({ socket, capture, stream, handlers, sampleRateHz, release }: Conversation): Microphone {
  const callId = `mic-${crypto.getRandomValues(new Uint32Array(2)).join('-')}`;
  let isOver = false;
  const finish = (problem?: string): void => {
    if (isOver) return;
    isOver = true;
    release();
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ event: 'stop' }));
    socket.close(1000);
    if (problem !== undefined) handlers.onEnd(problem);
  };
  socket.onerror = null;
  socket.onclose = ({ code, reason }) =>
    finish(`Undertone closed the connection: ${reason || `code ${code}`}.`);
  for (const track of stream.getTracks()) track.onended = () => finish('The microphone was taken away.');
  socket.send(startMessage(callId, sampleRateHz));
  capture.port.onmessage = ({ data }: MessageEvent<Captured>) => {
    if (isOver) return;
    socket.send(data.pcm);
    handlers.onLevel(data.levelDbfs);
    if (socket.bufferedAmount > MAX_UNSENT_BYTES) finish('The network is too slow for live audio.');
  };
  return { callId, stop: () => finish() };
}

function startMessage(callId: string, sampleRate: number): string {
  return JSON.stringify({
    event: 'start',
    callId,
    sampleRate,
    channels: 1,
    encoding: 's16le',
    legs: ['customer'],
    live: true,
    notice: 'given',
    queue: 'microphone',
  });
}
