import { pictureFault } from '../formats/picture-fault.js';

/**
 * Reads a bitmap's pixels, whose colours were not multiplied with their opacity.
 * @returns [height, width, 4] bytes: red, green, blue, opacity
 */
export function bitmapPixels(bitmap: ImageBitmap, source: string): Uint8Array {
  const opaque = pixelsByCanvas(bitmap);
  for (let at = 3; at < opaque.length; at += 4)
    if (opaque[at] !== 255) return pixelsByTexture(bitmap, source);
  return opaque;
}

/** A 2D canvas keeps colours multiplied with their opacity, so that they come back rounded where it is not full. */
function pixelsByCanvas(bitmap: ImageBitmap): Uint8Array {
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', {
    willReadFrequently: true,
    colorSpace: 'srgb',
  })!;
  context.drawImage(bitmap, 0, 0);
  return new Uint8Array(context.getImageData(0, 0, width, height).data.buffer);
}

/** A texture keeps colours and opacity apart. */
function pixelsByTexture(bitmap: ImageBitmap, source: string): Uint8Array {
  const { width, height } = bitmap;
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!gl) throw pictureFault(source, 'it has transparent pixels, and reading their colours needs WebGL 2');
  if (Math.max(width, height) > gl.getParameter(gl.MAX_TEXTURE_SIZE))
    throw pictureFault(source, 'it has transparent pixels and is larger than a texture of WebGL can be');
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, bitmap);
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
  gl.framebufferTexture2D(
    gl.FRAMEBUFFER,
    gl.COLOR_ATTACHMENT0,
    gl.TEXTURE_2D,
    gl.getParameter(gl.TEXTURE_BINDING_2D),
    0,
  );
  const pixels = new Uint8Array(width * height * 4);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return pixels;
}
