import Testing

@testable import TarArchive

@Suite struct MemberCutterTests {
    /// Bytes without a pattern, the same every time (xorshift64*); `count` is a multiple of eight.
    static func noise(_ count: Int, seed: UInt64 = 88_172_645_463_325_252) -> [UInt8] {
        var state = seed
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let words = UnsafeMutableRawBufferPointer(buffer).bindMemory(to: UInt64.self)
            for index in words.indices {
                state ^= state >> 12
                state ^= state << 25
                state ^= state >> 27
                words[index] = state &* 2_685_821_657_736_338_717
            }
            initialized = words.count * 8
        }
    }

    /// Where members end, when the bytes come in blocks of this size.
    static func cuts(_ bytes: [UInt8], block: Int) -> [Int] {
        var cutter = MemberCutter()
        var cuts: [Int] = []
        var place = 0
        while place < bytes.count {
            let end = min(bytes.count, place + block)
            let (count, ends) = bytes[place..<end].withUnsafeBytes { cutter.take($0) }
            place += count
            if ends { cuts.append(place) }
        }
        return cuts
    }

    @Test("cuts do not depend on how the bytes arrive", arguments: [1 << 12, 65_536, 100_003, 3 << 20])
    func blocks(block: Int) {
        let bytes = Self.noise(4 << 20)
        #expect(Self.cuts(bytes, block: block) == Self.cuts(bytes, block: 1 << 20))
    }

    @Test("members stay within their bounds, and are 64 KiB on the average")
    func bounds() {
        let cuts = Self.cuts(Self.noise(12 << 20), block: 65_536)
        let sizes = zip([0] + cuts, cuts).map { $1 - $0 }
        #expect(sizes.allSatisfy { (32 << 10...256 << 10).contains($0) })
        #expect((112...288).contains(sizes.count))
    }

    @Test("zeros, in which there is nothing to cut at, are cut at the most that a member may have")
    func zeros() {
        let cuts = Self.cuts([UInt8](repeating: 0, count: 3 << 20), block: 65_536)
        #expect(cuts == (1...12).map { $0 * 256 << 10 })
    }

    @Test("bytes put in near the start move the cuts there; those behind stay where the content has them")
    func insertion() {
        let bytes = Self.noise(8 << 20)
        let longer = bytes[..<1_000_000] + [1, 2, 3, 4, 5] + bytes[1_000_000...]
        let before = Set(Self.cuts(bytes, block: 65_536))
        let after = Set(Self.cuts(Array(longer), block: 65_536).map { $0 > 1_000_000 ? $0 - 5 : $0 })
        #expect(before.subtracting(after).count <= 3)
        #expect(before.count > 8)
    }
}
