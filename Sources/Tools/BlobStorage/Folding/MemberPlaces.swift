import BakeModel
import Glibc
import LinuxSystem

/// Where the pieces of layers lie: in packs, and in layers that are there as a whole.
struct MemberPlaces {
    private var files: [String] = []
    private var places: [MemberList.Name: (file: Int, offset: Int)] = [:]

    /// Looks through a store.
    /// - Parameter leaving: layers that are about to go, and so are no place any more.
    init(in folded: FoldedLayers, without leaving: Set<Digest> = []) throws {
        for pack in try folded.packs() {
            if let list = folded.list(ofPack: pack) { add(list, in: folded.place(ofPack: pack)) }
        }
        for layer in try folded.listed() where !leaving.contains(layer) && folded.isWhole(layer) {
            if let list = folded.list(of: layer) { add(list, in: folded.store.location(of: layer)) }
        }
    }

    /// Adds a file that has these pieces, one behind the other.
    mutating func add(_ list: MemberList, in file: String) {
        var offset = 0
        for member in list.members {
            if places[member.name] == nil { places[member.name] = (files.count, offset) }
            offset += member.size
        }
        files.append(file)
    }

    /// Whether a piece lies anywhere.
    func contains(_ name: MemberList.Name) -> Bool { places[name] != nil }

    /// Whether a piece lies somewhere, byte for byte.
    func holds(_ piece: MemberList.Member) -> Bool {
        var found: MemberList.Name?
        try? read(MemberList(members: [piece])) { found = MemberList.Name(of: $0) }
        return found == piece.name
    }

    /// Gives the pieces of a list in their order. Their bytes are not proved.
    /// - Throws: `MissingMember`; `SystemError`.
    func read(_ list: MemberList, each: (UnsafeRawBufferPointer) throws -> Void) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: MemberList.longest, alignment: 16)
        defer { buffer.deallocate() }
        var open: (number: Int, file: Descriptor)?
        for member in list.members {
            guard let place = places[member.name] else { throw MissingMember() }
            if open?.number != place.file {
                open = (place.file, try Descriptor.open(files[place.file], O_RDONLY | O_NOFOLLOW))
            }
            let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[..<member.size])
            try open?.file.fill(piece, from: place.offset)
            try each(UnsafeRawBufferPointer(piece))
        }
    }
}

/// A piece lies nowhere.
struct MissingMember: Error {}
