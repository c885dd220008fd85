import { useEffect, useRef } from 'react'
import { signedColor } from '../lib/colors.ts'
import type { PictureShape } from '../lib/pictureShape.ts'

interface ValuePictureProps {
  values: ArrayLike<number>
  shape: PictureShape
  /** 0 to 1 from black to white; or signed, in which `limit` is full blue (below 0) or red (above). */
  limit?: number
  /** What it shows, for those who cannot see it. */
  label: string
  /** Width on the page, in rem. */
  size?: number
}

/** Numbers as a picture: an input that no dataset holds, or a row of an affine map. */
export function ValuePicture({ values, shape, limit, label, size = 5 }: ValuePictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    context.putImageData(pixels(values, shape, limit), 0, 0)
  }, [values, shape, limit])
  return (
    <canvas
      ref={canvas}
      className="raster"
      width={shape.width}
      height={shape.height}
      style={{ width: `${size}rem`, height: `${(size * shape.height) / shape.width}rem` }}
      role="img"
      aria-label={label}
      title={label}
    />
  )
}

function pixels(values: ArrayLike<number>, shape: PictureShape, limit: number | undefined): ImageData {
  const { width, height, channels, at } = shape
  const image = new ImageData(width, height)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const of = (channel: number) => values[at(row, column, channels === 1 ? 0 : channel)]
      image.data.set([...colorOf(of, channels, limit), 255], 4 * (row * width + column))
    }
  }
  return image
}

/** Three channels that are signed show as departures from grey. */
function colorOf(of: (channel: number) => number, channels: 1 | 3, limit: number | undefined): number[] {
  if (limit === undefined) return [0, 1, 2].map((channel) => 255 * of(channel))
  const scale = limit === 0 ? 1 : limit
  if (channels === 1) return signedColor(of(0) / scale)
  return [0, 1, 2].map((channel) => 127.5 + (127.5 * of(channel)) / scale)
}
