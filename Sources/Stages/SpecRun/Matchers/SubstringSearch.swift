import CLinux

extension Collection where Element == UInt8 {
    /// Whether the bytes occur in these, one after the other; no bytes occur in every text. In time linear in both.
    func containsSequence(_ wanted: [UInt8]) -> Bool {
        let direct = withContiguousStorageIfAvailable {
            clinux_contains($0.baseAddress, $0.count, wanted, wanted.count)
        }
        return direct.map { $0 != 0 } ?? Array(self).containsSequence(wanted)
    }
}
