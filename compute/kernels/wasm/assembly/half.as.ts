/**
 * Widens float16 numbers to float32, exactly. Shifted to float32's places, a number is 2^112 too small, since exponents
 * begin 112 later; denormal ones come out right as well. What is not finite gets float32's exponent for that.
 *
 * @param halves address of count float16 numbers, a multiple of 8
 * @param floats address of count float32 numbers
 */
export function widen(halves: usize, floats: usize, count: i32): void {
  const scale = f32x4.splat(reinterpret<f32>(239 << 23))
  for (let i = 0; i < count; i += 8, halves += 16, floats += 32) {
    const eight = v128.load(halves)
    v128.store(floats, widened(i32x4.extend_low_i16x8_u(eight), scale))
    v128.store(floats, widened(i32x4.extend_high_i16x8_u(eight), scale), 16)
  }
}

function widened(bits: v128, scale: v128): v128 {
  const size = v128.and(bits, i32x4.splat(0x7fff))
  const finite = f32x4.mul(i32x4.shl(size, 13), scale)
  const wrong = v128.and(i32x4.ge_s(size, i32x4.splat(0x7c00)), i32x4.splat(0x7f800000))
  const sign = i32x4.shl(v128.andnot(bits, i32x4.splat(0x7fff)), 16)
  return v128.or(v128.or(finite, wrong), sign)
}
