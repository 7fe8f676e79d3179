/// Decides where a tar is cut into gzip members: where the bytes themselves say so, so that a change moves only the
/// cuts near it and the members elsewhere stay what they were.
///
/// A rolling sum over the last 64 bytes (a gear hash, as in FastCDC: Xia and others, USENIX ATC 2016) cuts where its
/// highest bits are zero. A member has at least 32 KiB, at most 256 KiB and 64 KiB on the average: a change costs the members
/// that it touches, and members of half a megabyte would be 2 % smaller.
struct MemberCutter {
    /// No member but the last is shorter.
    static let least = 32 << 10
    /// No member is longer.
    static let most = 256 << 10
    /// No member was longer in any version of bake.
    static let mostEver = 1 << 20

    /// The highest 15 bits: one place in 32 Ki, behind the 32 KiB in which nothing is looked for.
    private static let mask: UInt64 = ~0 << (64 - 15)
    /// How many bytes have an influence on the sum.
    private static let window = 64

    private var count = 0
    private var sum: UInt64 = 0
    private let gear = Self.gear

    /// Goes on with the bytes of the current member.
    /// - Returns: how many of these bytes belong to it, and whether it ends behind them.
    mutating func take(_ bytes: UnsafeRawBufferPointer) -> (count: Int, ends: Bool) {
        let skipped = min(bytes.count, max(0, Self.least - Self.window - count))
        let rest = UnsafeRawBufferPointer(rebasing: bytes[skipped..<min(bytes.count, skipped + Self.most)])
        count += skipped
        let room = min(rest.count, Self.most - count)
        let silent = min(room, max(0, Self.least - count))
        let found = roll(UnsafeRawBufferPointer(rebasing: rest[..<room]), silent: silent)
        let taken = found ?? room
        count += taken
        guard found != nil || count == Self.most else { return (skipped + taken, false) }
        (count, sum) = (0, 0)
        return (skipped + taken, true)
    }

    /// Rolls over bytes; the number of those before a cut, nil without one. In the first `silent` none is looked for.
    private mutating func roll(_ bytes: UnsafeRawBufferPointer, silent: Int) -> Int? {
        var sum = sum
        defer { self.sum = sum }
        return gear.withUnsafeBufferPointer { gear in
            for index in 0..<silent { sum = (sum << 1) &+ gear[Int(bytes[index])] }
            for index in silent..<bytes.count {
                sum = (sum << 1) &+ gear[Int(bytes[index])]
                if sum & Self.mask == 0 { return index + 1 }
            }
            return nil
        }
    }

    /// A number for each byte: SplitMix64 (Steele and others, OOPSLA 2014) from zero. Part of the canonical form.
    private static let gear: [UInt64] = {
        var state: UInt64 = 0
        return (0..<256).map { _ in
            state &+= 0x9e37_79b9_7f4a_7c15
            var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }()
}
