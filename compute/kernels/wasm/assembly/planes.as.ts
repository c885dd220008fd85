/** Positions that are packed at a time: the bytes of a vector. */
const POSITIONS = 16

/**
 * Packs one sample whose units are planes, each with a value a position: bit u of a position's code is the sign of
 * threshold - pre[u][position] in float32. Eight units of sixteen positions make a byte of sixteen codes.
 *
 * @param pre address of units x positions float32
 * @param codes address of positions x ceil(units / 8) bytes
 * @param margins address of positions float32: the least distance from the threshold
 * @returns the sum of all distances: 32 at a time in float32 (to 7e-7 of them), from there on in float64
 */
export function packPlanes(
  pre: usize,
  units: i32,
  positions: i32,
  threshold: f32,
  codes: usize,
  margins: usize,
): f64 {
  const stride = (units + 7) >>> 3
  let sum: f64 = 0
  let position = 0
  for (; position + POSITIONS <= positions; position += POSITIONS)
    sum += packColumns(
      pre + (position << 2),
      units,
      positions,
      threshold,
      codes + position * stride,
      margins + (position << 2),
    )
  for (; position < positions; position++) {
    const code = codes + position * stride
    let margin: f32 = Infinity
    for (let unit = 0; unit < units; unit++) {
      const difference = threshold - load<f32>(pre + ((unit * positions + position) << 2))
      const bit = (reinterpret<u32>(difference) >>> 31) << (unit & 7)
      const at = code + (unit >>> 3)
      store<u8>(at, <u8>((unit & 7 ? <u32>load<u8>(at) : 0) | bit))
      const distance = abs(difference)
      sum += distance
      margin = min(margin, distance)
    }
    store<f32>(margins + (position << 2), margin)
  }
  return sum
}

/** The sixteen positions from `pre` on. */
function packColumns(
  pre: usize,
  units: i32,
  positions: i32,
  threshold: f32,
  codes: usize,
  margins: usize,
): f64 {
  const t = f32x4.splat(threshold)
  const stride = (units + 7) >>> 3
  const plane = (<usize>positions) << 2
  let least0 = f32x4.splat(Infinity)
  let least1 = least0
  let least2 = least0
  let least3 = least0
  let low = f64x2.splat(0)
  let high = low
  for (let first = 0; first < units; first += 8, codes++) {
    let bits = i8x16.splat(0)
    let sums = f32x4.splat(0)
    const count = min(8, units - first)
    for (let unit = 0; unit < count; unit++, pre += plane) {
      const d0 = f32x4.sub(t, v128.load(pre))
      const d1 = f32x4.sub(t, v128.load(pre, 16))
      const d2 = f32x4.sub(t, v128.load(pre, 32))
      const d3 = f32x4.sub(t, v128.load(pre, 48))
      // Narrowing saturates: it keeps the sign bits of the floats, taken as whole numbers.
      const signs = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(d0, d1), i16x8.narrow_i32x4_s(d2, d3))
      const bit: i32 = 1 << unit
      bits = v128.or(bits, v128.and(i8x16.shr_s(signs, 7), i8x16.splat(<i8>bit)))
      const a0 = f32x4.abs(d0)
      const a1 = f32x4.abs(d1)
      const a2 = f32x4.abs(d2)
      const a3 = f32x4.abs(d3)
      least0 = f32x4.pmin(least0, a0)
      least1 = f32x4.pmin(least1, a1)
      least2 = f32x4.pmin(least2, a2)
      least3 = f32x4.pmin(least3, a3)
      sums = f32x4.add(sums, f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3)))
    }
    scatter(bits, codes, stride)
    low = f64x2.add(low, f64x2.promote_low_f32x4(sums))
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i32>(sums, sums, 2, 3, 0, 1)))
  }
  v128.store(margins, least0)
  v128.store(margins, least1, 16)
  v128.store(margins, least2, 32)
  v128.store(margins, least3, 48)
  low = f64x2.add(low, high)
  return f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1)
}

/** Writes the bytes of a vector a stride apart. */
function scatter(bytes: v128, at: usize, stride: i32): void {
  v128.store_lane<u8>(at, bytes, 0)
  v128.store_lane<u8>((at += stride), bytes, 1)
  v128.store_lane<u8>((at += stride), bytes, 2)
  v128.store_lane<u8>((at += stride), bytes, 3)
  v128.store_lane<u8>((at += stride), bytes, 4)
  v128.store_lane<u8>((at += stride), bytes, 5)
  v128.store_lane<u8>((at += stride), bytes, 6)
  v128.store_lane<u8>((at += stride), bytes, 7)
  v128.store_lane<u8>((at += stride), bytes, 8)
  v128.store_lane<u8>((at += stride), bytes, 9)
  v128.store_lane<u8>((at += stride), bytes, 10)
  v128.store_lane<u8>((at += stride), bytes, 11)
  v128.store_lane<u8>((at += stride), bytes, 12)
  v128.store_lane<u8>((at += stride), bytes, 13)
  v128.store_lane<u8>((at += stride), bytes, 14)
  v128.store_lane<u8>((at += stride), bytes, 15)
}
