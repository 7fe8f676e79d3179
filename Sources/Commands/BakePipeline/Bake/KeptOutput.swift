/// What a program printed, within a limit: of more, the beginning and the end are kept, and a line between them says how
/// much was left out.
struct KeptOutput {
    private let half: Int
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    private var left: UInt64 = 0

    /// Keeps at most about so many bytes.
    init(limit: Int = 16 << 20) { half = limit / 2 }

    /// Takes what came next.
    mutating func add(_ piece: ArraySlice<UInt8>) {
        let first = piece.prefix(half - head.count)
        head += first
        tail += piece.dropFirst(first.count)
        // Now and then, so that each byte is moved once.
        if tail.count > 2 * half { cut() }
    }

    private mutating func cut() {
        let extra = max(0, tail.count - half)
        left += UInt64(extra)
        tail.removeFirst(extra)
    }

    /// What is kept.
    mutating func finish() -> [UInt8] {
        cut()
        return left == 0 ? head + tail : head + Array("\n[\(left) bytes are left out here]\n".utf8) + tail
    }
}
