extension Descriptor {
    /// Reads to the end, piece by piece, without holding more than one.
    /// - Parameter size: the most bytes of a piece.
    public func readPieces(of size: Int, _ body: (ArraySlice<UInt8>) throws -> Void) throws {
        var piece = [UInt8](repeating: 0, count: size)
        while case let count = try piece.withUnsafeMutableBytes({ try read(into: $0) }), count > 0 {
            try body(piece[..<count])
        }
    }
}
