import BakeModel
import Testing

@testable import TarArchive

/// Any bytes of a tar are had without the rest, and GNU tar's are the same.
@Suite struct TarExcerptTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// The places of regular files, and the members.
    private func index(_ name: String) throws -> (places: [TreePath: Range<UInt64>], summary: ArchiveSummary) {
        var places: [TreePath: Range<UInt64>] = [:]
        let summary = try ArchiveReader.read(scratch.open(name), recordingMembers: true) { entry, content in
            guard case .regular(let size) = entry.kind, let offset = content.offset else { return }
            places[entry.path] = offset..<(offset + size)
        }
        return (places, summary)
    }

    private func excerpt(_ range: Range<UInt64>, _ name: String, _ members: [StoredMember]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try TarExcerpt(range, of: scratch.open(name), in: members).read { bytes += $0 }
        return bytes
    }

    @Test("every file of a layer lies where the index says: the bytes there are those that GNU tar takes out")
    func files() throws {
        try scratch.write("layer.tar.gz", SampleTree.entries)
        let (places, summary) = try index("layer.tar.gz")
        #expect(summary.members.count > 10 && places.count > 5)
        for (path, range) in places {
            try scratch.create("name").write(path.bytes)
            try scratch.shell("tar -xzOf layer.tar.gz --no-wildcards \"$(cat name)\" > judge")
            #expect(try excerpt(range, "layer.tar.gz", summary.members) == scratch.bytes("judge"), "\(path)")
        }
    }

    @Test("any range is what tail and head cut out of the tar, from one member or from several")
    func ranges() throws {
        try scratch.write("layer.tar.gz", SampleTree.entries)
        let members = try index("layer.tar.gz").summary.members
        try scratch.shell("gzip -dc layer.tar.gz > layer.tar")
        let tar = try scratch.bytes("layer.tar")
        let edge = members[0].plainSize
        for range in [0..<1, edge - 1..<edge + 1, edge..<edge, 700..<tar.count - 3, tar.count - 1..<tar.count] {
            let wanted = UInt64(range.lowerBound)..<UInt64(range.upperBound)
            #expect(try excerpt(wanted, "layer.tar.gz", members) == Array(tar[range]), "\(range)")
        }
    }

    @Test("only the members that hold the bytes are read: all others may be rubbish")
    func untouched() throws {
        try scratch.write("layer.tar.gz", SampleTree.entries)
        let (places, summary) = try index("layer.tar.gz")
        let range = try #require(places[TreePath("ping")])
        let expected = try excerpt(range, "layer.tar.gz", summary.members)
        let last = summary.members.suffix(1).reduce(0) { $0 + $1.size }
        var bytes = try scratch.bytes("layer.tar.gz")
        for place in 0..<bytes.count - last { bytes[place] = 0xee }
        _ = try scratch.create("rubbish.tar.gz", bytes)
        #expect(try excerpt(range, "rubbish.tar.gz", summary.members) == expected)
    }

    @Test("a member that is not the one of the index is refused, though it is a good gzip member")
    func exchanged() throws {
        try scratch.write("layer.tar.gz", SampleTree.entries)
        let (places, summary) = try index("layer.tar.gz")
        let range = try #require(places[TreePath("bin/large")])
        var members = summary.members
        let third = members[2]
        members[2] = StoredMember(digest: Digest.of([1]), size: third.size, plainSize: third.plainSize)
        #expect(throws: ArchiveReadError.self) { try excerpt(range, "layer.tar.gz", members) }
    }

    @Test("archives of other tools, in one gzip member or none, are read from their start", arguments: ["gz", "tar"])
    func foreign(_ format: String) throws {
        try scratch.shell(
            """
            mkdir tree; head -c 3000000 /dev/urandom > tree/a; echo text > tree/$(printf 'n%.0s' {1..150}); echo z > tree/z
            tar -cf foreign.tar -C tree . && gzip -k foreign.tar && mv foreign.tar.gz foreign.gz
            """)
        let (places, summary) = try index("foreign.\(format)")
        #expect(summary.members.isEmpty)
        for (path, range) in places {
            #expect(try excerpt(range, "foreign.\(format)", []) == scratch.bytes("tree/\(path)"), "\(path)")
        }
    }

    @Test("a sparse file has no one place")
    func sparse() throws {
        try scratch.shell("truncate -s 1M hole && echo end >> hole && tar -cSf sparse.tar hole")
        #expect(try index("sparse.tar").places.isEmpty)
    }
}
