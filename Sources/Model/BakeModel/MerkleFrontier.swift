/// The Merkle tree over a growing list, as far as its root needs it: the roots of its whole subtrees, the largest first.
/// RFC 6962, section 2.1.
public struct MerkleFrontier: Hashable, Sendable {
    /// How many leaves there are.
    public private(set) var size: Int64 = 0
    /// A root for each bit of `size` that is set, from the highest.
    private var peaks: [Digest] = []

    /// The tree of an empty list.
    public init() {}

    /// Adds a leaf.
    public mutating func append(_ leaf: [UInt8]) {
        var node = Digest.of([0] + leaf)
        var rest = size
        while rest & 1 == 1 {
            node = Self.parent(peaks.removeLast(), node)
            rest >>= 1
        }
        peaks.append(node)
        size += 1
    }

    /// The root: what stands for the whole list.
    public var root: Digest {
        guard var root = peaks.last else { return Digest.of([]) }
        for peak in peaks.dropLast().reversed() { root = Self.parent(peak, root) }
        return root
    }

    private static func parent(_ left: Digest, _ right: Digest) -> Digest {
        Digest.of([1] + left.bytes + right.bytes)
    }
}

extension MerkleFrontier {
    /// What `init?` reads: the size and the roots of the subtrees.
    public var text: String { ([String(size)] + peaks.map(\.hex)).joined(separator: " ") }

    /// Reads what `text` wrote; nil for anything else.
    public init?(_ text: String) {
        let words = text.split(separator: " ")
        let peaks = words.dropFirst().compactMap { Digest(hex: $0) }
        guard let size = words.first.flatMap({ Int64($0) }), size >= 0, peaks.count == words.count - 1,
            peaks.count == size.nonzeroBitCount
        else { return nil }
        self.size = size
        self.peaks = peaks
    }
}
