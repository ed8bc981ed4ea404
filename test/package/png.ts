/** Width and height in the header of a PNG file (its first chunk, IHDR); undefined for anything else. */
export function pngSize(file: Buffer | undefined): { width: number; height: number } | undefined {
  if (file?.subarray(1, 4).toString('latin1') !== 'PNG' || file.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  return { width: file.readUInt32BE(16), height: file.readUInt32BE(20) };
}
