/**
 * Packs sites: bit i of a code is the sign of threshold - pre[i] in float32, which loses no sign. The differences of
 * sixteen units are narrowed to bytes, whose sign bits are two bytes of the code.
 *
 * @param pre address of sites x units float32
 * @param codes address of sites x ceil(units / 8) bytes, room for one byte more
 * @param margins address of sites float32: the least distance from the threshold
 * @returns the sum of all distances: four at a time in float32 (to 2e-7 of them), from there on in float64
 */
export function pack(pre: usize, sites: i32, units: i32, threshold: f32, codes: usize, margins: usize): f64 {
  const t = f32x4.splat(threshold)
  const stride = (units + 7) >>> 3
  let low = f64x2.splat(0)
  let high = f64x2.splat(0)
  let tails: f64 = 0
  for (let site = 0; site < sites; site++, codes += stride, margins += 4) {
    let least = f32x4.splat(Infinity)
    let code = codes
    let rest = units
    for (; rest >= 16; rest -= 16, pre += 64, code += 2) {
      const d0 = f32x4.sub(t, v128.load(pre))
      const d1 = f32x4.sub(t, v128.load(pre, 16))
      const d2 = f32x4.sub(t, v128.load(pre, 32))
      const d3 = f32x4.sub(t, v128.load(pre, 48))
      // Narrowing saturates: it keeps the sign bits of the floats, taken as whole numbers.
      const signs = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(d0, d1), i16x8.narrow_i32x4_s(d2, d3))
      store<u16>(code, <u16>i8x16.bitmask(signs))
      const a0 = f32x4.abs(d0)
      const a1 = f32x4.abs(d1)
      const a2 = f32x4.abs(d2)
      const a3 = f32x4.abs(d3)
      least = f32x4.pmin(least, f32x4.pmin(f32x4.pmin(a0, a1), f32x4.pmin(a2, a3)))
      const sums = f32x4.add(f32x4.add(a0, a1), f32x4.add(a2, a3))
      low = f64x2.add(low, f64x2.promote_low_f32x4(sums))
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i32>(sums, sums, 2, 3, 0, 1)))
    }
    let margin = min(
      min(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)),
      min(f32x4.extract_lane(least, 2), f32x4.extract_lane(least, 3)),
    )
    let bits: u32 = 0
    for (let bit = 0; bit < rest; bit++, pre += 4) {
      const difference = threshold - load<f32>(pre)
      bits |= (reinterpret<u32>(difference) >>> 31) << bit
      const distance = abs(difference)
      tails += distance
      margin = min(margin, distance)
    }
    if (rest > 0) store<u16>(code, <u16>bits)
    store<f32>(margins, margin)
  }
  low = f64x2.add(low, high)
  return f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1) + tails
}
