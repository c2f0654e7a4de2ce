/** The part of jsfive (a pure JavaScript HDF5 reader without types of its own) that tests use. */
declare module 'jsfive' {
  export class File {
    constructor(bytes: ArrayBuffer, name: string);
    get(path: string): { readonly shape: number[]; readonly value: number[]; readonly keys: string[] };
  }
}
