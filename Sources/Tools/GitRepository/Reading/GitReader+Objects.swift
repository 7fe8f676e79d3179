import BakeModel
import LinuxSystem

extension GitReader {
    /// Reads a file's bytes as a stream, without holding them here.
    ///
    /// Bytes are unproved until this returns: where the hash is wrong it throws after the last of them. `size` and
    /// `bytes` must not use this reader.
    /// - Parameters:
    ///   - size: gets the number of bytes before the first of them.
    ///   - bytes: gets the bytes, piece by piece, valid during the call.
    public func blob(
        _ id: ObjectID, limit: Int, size: (Int) throws -> Void, bytes: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        try exchange(id, limit: limit) { answer in
            let kind = try Self.kind(of: answer, id)
            guard kind == .blob else { throw ObjectError.wrongKind(id, expected: .blob, found: kind.rawValue) }
            try size(answer.length)
            try Self.stream(id, kind, &answer, into: bytes)
        }
    }

    /// The numbers of bytes of blobs, as the repository says: proved only by reading them.
    public func sizes(of blobs: [ObjectID]) throws -> [Int] {
        var sizes: [Int] = []
        for start in stride(from: 0, to: blobs.count, by: Self.sizesAtOnce) {
            let names = blobs[start..<min(blobs.count, start + Self.sizesAtOnce)]
            let answer = try ask(["ask": .string("sizes"), "objects": .array(names.map { .string($0.hex) })])
            guard let found = answer.items?.compactMap({ $0.number.flatMap(Int.init(exactly:)) }),
                found.count == names.count
            else { throw GitProtocolError(subject: "sizes") }
            sizes += found
        }
        return sizes
    }

    /// Enough to spare the waiting, and a request of 200 KB.
    private static let sizesAtOnce = 4096

    /// Reads the bytes of several files with one question, all of them into memory.
    /// - Parameter limit: bytes of one of them.
    public func blobs(_ ids: [ObjectID], limit: Int) throws -> [[UInt8]] { try objects(ids, .blob, limit: limit) }

    func object(_ id: ObjectID, _ expected: ObjectKind, limit: Int) throws -> [UInt8] {
        let (kind, bytes) = try read(id, limit: limit)
        guard kind == expected else { throw ObjectError.wrongKind(id, expected: expected, found: kind.rawValue) }
        return bytes
    }

    func read(_ id: ObjectID, limit: Int) throws -> (ObjectKind, [UInt8]) {
        try exchange(id, limit: limit) { try Self.checked(id, &$0, limit: limit) }
    }

    private static func checked(
        _ id: ObjectID, _ answer: inout HelperAnswer, limit: Int
    ) throws -> (ObjectKind, [UInt8]) {
        let kind = try kind(of: answer, id)
        let bytes = try answer.readAll(limit: limit)
        var hasher = ObjectHasher(kind: kind, size: bytes.count)
        bytes.withUnsafeBytes { hasher.update($0) }
        try check(id, hasher.finish())
        return (kind, bytes)
    }

    /// Reads several directories with one question.
    func trees(_ ids: [ObjectID]) throws -> [[TreeItem]] {
        try zip(ids, objects(ids, .tree, limit: limits.documentBytes)).map { try TreeParser.parse($0, $1) }
    }

    /// Reads several commits with one question.
    public func commits(_ ids: [CommitID]) throws -> [Commit] {
        try zip(ids, objects(ids.map(\.object), .commit, limit: limits.documentBytes)).map {
            try CommitParser.parse($0, $1)
        }
    }

    private func objects(_ ids: [ObjectID], _ expected: ObjectKind, limit: Int) throws -> [[UInt8]] {
        guard ids.count > 1 else { return try ids.map { try object($0, expected, limit: limit) } }
        let request = JSON.record([
            "ask": .string("objects"), "objects": .array(ids.map { .string($0.hex) }), "limit": .number(Int64(limit)),
        ])
        var place = 0
        return try blaming({ ids[min(place, ids.count - 1)] }) {
            try session.ask(request, answers: ids.count, deadline: limits.deadline) { answer in
                let id = ids[place]
                defer { place += 1 }
                let (kind, bytes) = try Self.checked(id, &answer, limit: limit)
                guard kind == expected else {
                    throw ObjectError.wrongKind(id, expected: expected, found: kind.rawValue)
                }
                return bytes
            }
        }
    }

    private static func stream(
        _ id: ObjectID, _ kind: ObjectKind, _ answer: inout HelperAnswer,
        into sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var hasher = ObjectHasher(kind: kind, size: answer.length)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        while answer.remaining > 0 {
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<(try answer.read(into: buffer))])
            hasher.update(piece)
            try sink(piece)
        }
        try check(id, hasher.finish())
    }

    private static func check(_ id: ObjectID, _ found: ObjectID?) throws(ObjectError) {
        guard found == id else { throw .wrongHash(id, found: found) }
    }

    private static func kind(of answer: borrowing HelperAnswer, _ id: ObjectID) throws -> ObjectKind {
        guard let kind = ObjectKind(frame: answer.kind) else { throw GitProtocolError(subject: id.hex) }
        return kind
    }

    private func exchange<Result: Sendable>(
        _ id: ObjectID, limit: Int, read: (inout HelperAnswer) throws -> Result
    ) throws -> Result {
        let request = JSON.record([
            "ask": .string("object"), "object": .string(id.hex), "limit": .number(Int64(limit)),
        ])
        return try blaming({ id }) { try session.ask(request, deadline: limits.deadline, read: read) }
    }

    /// Where the helper dies, the object that it was reading is why.
    private func blaming<Result>(_ id: () -> ObjectID, _ ask: () throws -> Result) throws -> Result {
        do {
            return try ask()
        } catch let failure as HelperFailure where failure.exceededProcessorTime {
            throw ObjectError.endless(id(), seconds: limits.processorSeconds)
        } catch let failure as HelperFailure {
            throw ObjectError.unreadable(id(), failure.reason)
        } catch let timeout as HelperTimeout {
            throw ObjectError.unreadable(id(), timeout.reason)
        }
    }

    func ask(_ members: KeyValuePairs<String, JSON?>) throws -> JSON {
        try session.ask(.record(members), deadline: limits.deadline) { try $0.value() }
    }
}

extension ObjectKind {
    var frame: HelperFrame.Kind {
        switch self {
        case .commit: HelperFrame.Kind(byte: UInt8(ascii: "c"))
        case .tree: HelperFrame.Kind(byte: UInt8(ascii: "t"))
        case .blob: HelperFrame.Kind(byte: UInt8(ascii: "b"))
        case .tag: HelperFrame.Kind(byte: UInt8(ascii: "g"))
        }
    }

    init?(frame: HelperFrame.Kind) {
        guard let kind = [ObjectKind.commit, .tree, .blob, .tag].first(where: { $0.frame == frame }) else { return nil }
        self = kind
    }
}
