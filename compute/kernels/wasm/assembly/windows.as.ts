/**
 * Packs one unit of a layer of windows (MaxPool): the place of the first of each window's greatest entries, and its lead
 * over the next value below, in float32. A window whose entries are all equal has no lead and counts as Infinity, which
 * lowers no margin.
 *
 * @param plane address of the unit's values, float32
 * @param places address of positions x window int32: where each entry lies in the plane, below 0 for padding
 * @param codes address of positions x stride bytes, zero where this unit's bits are, room for three bytes more
 * @param place of the unit's first bit in a code
 * @param margins address of positions float32, lowered to the leads
 * @param leads address of a float64 and an int32: the sum of the leads and their number, added to
 * @returns whether all entries are finite
 */
export function packWindows(
  plane: usize,
  places: usize,
  positions: i32,
  window: i32,
  codes: usize,
  stride: i32,
  place: i32,
  margins: usize,
  leads: usize,
): bool {
  let sum = load<f64>(leads)
  let count = load<i32>(leads, 8)
  let wrong: u32 = 0
  codes += place >>> 3
  for (let position = 0; position < positions; position++, codes += stride, margins += 4) {
    let winner = 0
    let most: f32 = -Infinity
    let next: f32 = -Infinity
    for (let entry = 0; entry < window; entry++, places += 4) {
      const at = load<i32>(places)
      if (at < 0) continue
      const value = load<f32>(plane + ((<usize>at) << 2))
      wrong |= u32((reinterpret<u32>(value) & 0x7f800000) == 0x7f800000)
      if (value > most) {
        winner = entry
        next = most
        most = value
      } else if (value < most && value > next) next = value
    }
    store<u32>(codes, load<u32>(codes) | ((<u32>winner) << (place & 7)))
    const lead = most - next
    if (lead < Infinity) {
      sum += lead
      count++
      if (lead < load<f32>(margins)) store<f32>(margins, lead)
    }
  }
  store<f64>(leads, sum)
  store<i32>(leads, count, 8)
  return !wrong
}
