import Glibc

extension Descriptor {
    /// Fills a buffer with the bytes from an offset on; a file that ends before is an error (EIO). The descriptor's own place in
    /// the file stays.
    public func fill(_ buffer: UnsafeMutableRawBufferPointer, from offset: Int) throws(SystemError) {
        var done = 0
        while done < buffer.count {
            let count = try SystemError.check("read", describedPath) {
                pread(number, buffer.baseAddress?.advanced(by: done), buffer.count - done, off_t(offset + done))
            }
            guard count > 0 else { throw SystemError("read", describedPath, number: EIO) }
            done += count
        }
    }

    /// So many bytes from an offset on, as `fill` reads them.
    public func bytes(from offset: Int, count: Int) throws(SystemError) -> [UInt8] {
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(SystemError) {
                try fill(UnsafeMutableRawBufferPointer(buffer), from: offset)
                filled = count
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Reads to the end, piece by piece, without holding more than one.
    /// - Parameter size: the most bytes of a piece.
    public func readPieces(of size: Int, _ body: (ArraySlice<UInt8>) throws -> Void) throws {
        var piece = [UInt8](repeating: 0, count: size)
        while case let count = try piece.withUnsafeMutableBytes({ try read(into: $0) }), count > 0 {
            try body(piece[..<count])
        }
    }
}
