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

    /// The number of bytes of a blob, as the repository says: proved only by reading it.
    public func size(of blob: ObjectID) throws -> Int {
        guard let size = try ask(["ask": .string("size"), "object": .string(blob.hex)]).number.flatMap(Int.init) else {
            throw GitProtocolError(subject: blob.hex)
        }
        return size
    }

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
        let hasher = ObjectHasher(kind: kind, size: bytes.count)
        bytes.withUnsafeBytes { hasher.update($0) }
        try check(id, hasher.finish())
        return (kind, bytes)
    }

    /// Reads several directories with one question.
    func trees(_ ids: [ObjectID]) throws -> [[TreeItem]] {
        guard ids.count > 1 else { return try ids.map(tree) }
        let request = JSON.record([
            "ask": .string("objects"), "objects": .array(ids.map { .string($0.hex) }),
            "limit": .number(Int64(limits.documentBytes)),
        ])
        var place = 0
        let found = try blaming({ ids[min(place, ids.count - 1)] }) {
            try session.ask(request, answers: ids.count, deadline: limits.deadline) { answer in
                let id = ids[place]
                defer { place += 1 }
                let (kind, bytes) = try Self.checked(id, &answer, limit: limits.documentBytes)
                guard kind == .tree else { throw ObjectError.wrongKind(id, expected: .tree, found: kind.rawValue) }
                return bytes
            }
        }
        return try zip(ids, found).map { try TreeParser.parse($0, $1) }
    }

    private static func stream(
        _ id: ObjectID, _ kind: ObjectKind, _ answer: inout HelperAnswer,
        into sink: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let hasher = ObjectHasher(kind: kind, size: answer.length)
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
