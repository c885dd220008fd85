import { drawCut, drawPoints, svgOf, type Cut } from './draw.ts'
import { ASPECT } from './plane.ts'

interface DownloadProps {
  cut: Cut
  points: readonly (readonly [number, number])[]
  names: readonly string[]
}

/** Pixels of a PNG from left to right. */
const WIDTH = 2880

/** Buttons that save what is shown as a file. */
export function Download({ cut, points, names }: DownloadProps) {
  const png = () => {
    const canvas = document.createElement('canvas')
    canvas.width = WIDTH
    canvas.height = WIDTH * ASPECT
    const context = canvas.getContext('2d')
    if (!context) return
    drawCut(context, cut, cut.view, WIDTH)
    drawPoints(context, points, names, cut.view, WIDTH)
    canvas.toBlob((blob) => blob && save(blob, 'slice.png'))
  }
  return (
    <>
      <button
        type="button"
        onClick={() => save(new Blob([svgOf(cut)], { type: 'image/svg+xml' }), 'slice.svg')}
      >
        Save SVG
      </button>
      <button type="button" onClick={png}>
        Save PNG
      </button>
    </>
  )
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
