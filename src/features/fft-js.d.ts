declare module 'fft.js' {
  export default class FFT {
    constructor(size: number);
    realTransform(out: Float64Array, data: ArrayLike<number>): void;
  }
}
