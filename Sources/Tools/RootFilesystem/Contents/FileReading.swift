import BakeModel
import BlobStorage
import LinuxSystem
import TarArchive

extension LayerContents {
    /// Reads regular files by their numbers in the archive's order, the first 0; in the order in which they lie.
    ///
    /// Files that lie close together are read in one go; what lies between others is not read, where members are known.
    /// - Throws: `StoreError.corrupted` where a file's bytes, or the blob's, are not its own; `ArchiveReadError`.
    public func read(
        _ numbers: Set<Int>, from store: BlobStore, each: (_ number: Int, _ bytes: [UInt8]) throws -> Void
    ) throws {
        if numbers.isEmpty { return }
        let files = try places(of: numbers)
        guard !members.isEmpty, files.count == numbers.count else {
            return try readAll(numbers, from: store, each: each)
        }
        try store.reading(layer) { blob in
            for run in FileRun.all(of: files) {
                try run.read(from: blob, members) { file, bytes in
                    try check(bytes, file.digest)
                    try each(file.number, bytes)
                }
            }
        }
    }

    /// Where files lie that are one piece of the tar.
    private func places(of numbers: Set<Int>) throws -> [FilePlace] {
        var files: [FilePlace] = []
        var number = 0
        try forEach { found in
            defer { number += 1 }
            guard numbers.contains(number), case .regular(let size) = found.entry.kind, let offset = found.offset
            else { return }
            files.append(FilePlace(number: number, range: offset..<(offset + size), digest: found.digest))
        }
        return files
    }

    /// Reads a layer of which no member is known from end to end, once.
    private func readAll(_ numbers: Set<Int>, from store: BlobStore, each: (Int, [UInt8]) throws -> Void) throws {
        var number = 0
        try store.reading(layer) { blob in
            let summary = try ArchiveReader.read(blob, limits: Self.limits) { _, content in
                defer { number += 1 }
                if numbers.contains(number) { try each(number, try content.readAll()) }
            }
            try summary.check(is: layer)
        }
    }

    private func check(_ bytes: [UInt8], _ digest: Digest?) throws {
        guard let digest else { return }
        let found = Digest.of(bytes)
        guard found == digest else { throw StoreError.corrupted(layer.blob, found: found) }
    }
}

/// Where a file's bytes lie in a tar.
private struct FilePlace {
    let number: Int
    let range: Range<UInt64>
    /// Nil where the members alone prove them.
    let digest: Digest?
}

/// Files that lie close together in a tar, in its order.
private struct FileRun {
    private var files: [FilePlace]

    /// Two members' worth: less than that is sooner read than passed over.
    private static let mostBetween: UInt64 = 128 << 10

    /// The runs of files that come in the archive's order.
    static func all(of files: [FilePlace]) -> [FileRun] {
        var runs: [FileRun] = []
        for file in files {
            if let end = runs.last?.files.last?.range.upperBound, end <= file.range.lowerBound,
                file.range.lowerBound - end <= mostBetween
            {
                runs[runs.count - 1].files.append(file)
            } else {
                runs.append(FileRun(files: [file]))
            }
        }
        return runs
    }

    func read(from blob: Descriptor, _ members: [StoredMember], each: (FilePlace, [UInt8]) throws -> Void) throws {
        guard let first = files.first, let last = files.last else { return }
        let whole = first.range.lowerBound..<last.range.upperBound
        var place = whole.lowerBound
        var rest = files[...]
        var bytes: [UInt8] = []
        try giveFinished(&rest, &bytes, each)
        try TarExcerpt(whole, of: blob, in: members).read { piece in
            var piece = piece[...]
            while let file = rest.first, !piece.isEmpty {
                let skipped = min(UInt64(piece.count), file.range.lowerBound - min(place, file.range.lowerBound))
                piece = piece.dropFirst(Int(skipped))
                place += skipped
                let taken = piece.prefix(Int(file.range.upperBound - max(place, file.range.lowerBound)))
                bytes += taken
                piece = piece.dropFirst(taken.count)
                place += UInt64(taken.count)
                try giveFinished(&rest, &bytes, each)
            }
        }
    }

    /// Gives away the files of which every byte is there.
    private func giveFinished(
        _ rest: inout ArraySlice<FilePlace>, _ bytes: inout [UInt8], _ each: (FilePlace, [UInt8]) throws -> Void
    ) throws {
        while let file = rest.first, bytes.count == file.range.count {
            try each(file, bytes)
            bytes = []
            rest = rest.dropFirst()
        }
    }
}
