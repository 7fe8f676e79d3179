/// The members of an archive of ar(5), found without copying: what a `.deb` is made of. Source: deb(5).
struct ArArchive {
    /// One member: its name without padding, and where its bytes lie.
    struct Member: Hashable {
        let name: String
        let range: Range<Int>
    }

    /// What is wrong with an archive, as a clause.
    struct Fault: Error, Hashable {
        let reason: String
    }

    private static let magic = Array("!<arch>\n".utf8)
    private static let headerSize = 60
    /// A `.deb` has three members, and perhaps a signature.
    private static let mostMembers = 16

    /// The members in the file's order.
    let members: [Member]

    init(_ bytes: [UInt8]) throws(Fault) {
        guard bytes.starts(with: Self.magic) else { throw Fault(reason: "it does not begin as an archive of ar") }
        var members: [Member] = []
        var place = Self.magic.count
        while place < bytes.count {
            guard members.count < Self.mostMembers else { throw Fault(reason: "it has too many members") }
            let member = try Self.member(at: place, of: bytes)
            members.append(member)
            // Members begin at even offsets.
            place = member.range.upperBound + member.range.count % 2
        }
        self.members = members
    }

    private static func member(at place: Int, of bytes: [UInt8]) throws(Fault) -> Member {
        let start = place + headerSize
        guard start <= bytes.count, bytes[(start - 2)..<start].elementsEqual("`\n".utf8) else {
            throw Fault(reason: "the header at byte \(place) is damaged")
        }
        let name = text(bytes[place..<(place + 16)])
        guard let size = Int(text(bytes[(place + 48)..<(place + 58)])), size >= 0, size <= bytes.count - start else {
            throw Fault(reason: "it ends within its member \(name)")
        }
        return Member(name: name.hasSuffix("/") ? String(name.dropLast()) : name, range: start..<(start + size))
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        let padding = bytes.reversed().prefix { $0 == UInt8(ascii: " ") }.count
        return String(decoding: bytes.dropLast(padding), as: UTF8.self)
    }
}
