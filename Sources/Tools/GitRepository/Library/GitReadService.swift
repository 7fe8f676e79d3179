import BakeModel
import Clibgit2
import LinuxSystem

/// Answers the requests of one session.
final class GitReadService {
    private let repository: OpenRepository
    private let processorSeconds: UInt64
    /// libdeflate inflates what they hold in a third of the library's time.
    private lazy var packs = StoredPack.all(in: repository.objectDirectory)
    private lazy var deflater = ObjectDeflater()

    init(_ repository: OpenRepository, processorSeconds: UInt64) {
        self.repository = repository
        self.processorSeconds = processorSeconds
    }

    /// Answers one request, within its own share of processor time.
    func answer(_ request: JSON, _ reply: HelperReply) throws {
        try ResourceLimit.processorTime(processorSeconds)
        switch request["ask"]?.string {
        case "object": try sendObject(id(request, "object"), limit: number(request, "limit"), reply)
        case "objects": try sendObjects(request, reply)
        case "sizes": try sendSizes(request, reply)
        case "resolve": try reply.send(.string(try resolve(text(request, "revision")).hex))
        case "ancestor": try reply.send(.bool(try isAncestor(id(request, "ancestor"), id(request, "commit"))))
        case "log": try reply.send(try log(request))
        case "status": try sendStatus(request, reply)
        default: throw GitProtocolError(subject: "the request")
        }
    }

    private func text(_ request: JSON, _ key: String) throws -> String {
        guard let text = request[key]?.string else { throw GitProtocolError(subject: key) }
        return text
    }

    private func id(_ request: JSON, _ key: String) throws -> ObjectID {
        guard let id = ObjectID(try text(request, key)) else { throw GitProtocolError(subject: key) }
        return id
    }

    private func number(_ request: JSON, _ key: String) throws -> Int {
        guard let number = request[key]?.number.flatMap(Int.init(exactly:)) else {
            throw GitProtocolError(subject: key)
        }
        return number
    }

    /// One answer for each object, in order; an error stands in for its object alone.
    private func sendObjects(_ request: JSON, _ reply: HelperReply) throws {
        let limit = try number(request, "limit")
        for name in request["objects"]?.items ?? [] {
            try ResourceLimit.processorTime(processorSeconds)
            try reply.instead {
                guard let id = name.string.flatMap({ ObjectID($0) }) else { throw GitProtocolError(subject: "objects") }
                guard let stored = stored(id, limit: limit) else { return try sendObject(id, limit: limit, reply) }
                try stored.bytes.withUnsafeBytes { try reply.send(stored.kind.frame, $0) }
            }
        }
    }

    /// An object that a pack has as itself; the library finds all others, and says what is wrong with them.
    private func stored(_ id: ObjectID, limit: Int) -> StoredPack.Entry? {
        guard let deflater else { return nil }
        // No lazy compactMap: its first element is made twice.
        for pack in packs { if let entry = pack.entry(id, limit: limit, deflater) { return entry } }
        return nil
    }

    /// The library would map the pack and touch most of its pages, for some bytes of each object.
    private func storedSize(_ id: ObjectID) -> Int? {
        for pack in packs { if let size = pack.size(of: id) { return size } }
        return nil
    }

    private func sendSizes(_ request: JSON, _ reply: HelperReply) throws {
        let sizes = try (request["objects"]?.items ?? []).map { name in
            guard let id = name.string.flatMap({ ObjectID($0) }) else { throw GitProtocolError(subject: "objects") }
            return JSON.number(Int64(try storedSize(id) ?? size(id)))
        }
        try reply.send(.array(sizes))
    }

    /// The library does not check the hash here: bake itself does, on what it receives.
    private func sendObject(_ id: ObjectID, limit: Int, _ reply: HelperReply) throws {
        let size = try size(id)
        guard size <= limit else { throw ObjectError.tooLarge(id, size: size, limit: limit) }
        var oid = try LibGit.oid(id)
        try LibGit.set(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0)
        let object = try missing(id) {
            try Handle("read the git object", id.hex, free: git_odb_object_free) { [repository] in
                git_odb_read(&$0, repository.objects.pointer, &oid)
            }
        }
        try reply.send(
            ObjectKind(git_odb_object_type(object.pointer), id).frame,
            UnsafeRawBufferPointer(
                start: git_odb_object_data(object.pointer), count: git_odb_object_size(object.pointer)))
    }

    private func size(_ id: ObjectID) throws -> Int {
        var oid = try LibGit.oid(id)
        var size = 0
        var type = GIT_OBJECT_INVALID
        try missing(id) {
            try LibGit.check("read the git object", id.hex) {
                git_odb_read_header(&size, &type, repository.objects.pointer, &oid)
            }
        }
        return size
    }

    /// Says why an object may be missing, where the repository is known to be cut off.
    @discardableResult
    private func missing<Result: ~Copyable>(_ id: ObjectID, _ read: () throws -> Result) throws -> Result {
        do { return try read() } catch let error as LibGitError where error.isNotFound {
            throw MissingObject(id: id, isShallow: git_repository_is_shallow(repository.pointer) == 1)
        }
    }

    private func resolve(_ revision: String) throws -> ObjectID {
        try LibGit.set(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1)
        do {
            let object = try Handle("find the revision", revision, free: git_object_free) { [repository] in
                git_revparse_single(&$0, repository.pointer, revision)
            }
            guard let oid = git_object_id(object.pointer) else { throw GitProtocolError(subject: revision) }
            return try LibGit.objectID(oid.pointee)
        } catch let error as LibGitError {
            throw RevisionError(revision: revision, cause: error)
        }
    }

    private func isAncestor(_ ancestor: ObjectID, _ commit: ObjectID) throws -> Bool {
        try LibGit.set(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1)
        if ancestor == commit { return true }
        var (old, new) = (try LibGit.oid(ancestor), try LibGit.oid(commit))
        return try unlessCut {
            try LibGit.check("walk the history of", commit.hex) {
                git_graph_descendant_of(repository.pointer, &new, &old)
            } == 1
        } else: {
            try $0.isAncestor(ancestor, of: commit)
        }
    }

    private func log(_ request: JSON) throws -> JSON {
        let newer = try id(request, "commit")
        let older = request["without"]?.string == nil ? nil : try id(request, "without")
        let limit = try number(request, "limit")
        let commits = try unlessCut {
            let walk = try RevisionWalk(repository, from: newer)
            if let older { try walk.hide(older) }
            return try walk.commits(limit: limit)
        } else: {
            try $0.commits(to: newer, without: older, limit: limit)
        }
        return .array(commits.map { .string($0.hex) })
    }

    /// The library's walk, which is faster, and bake's own where a parent is missing.
    private func unlessCut<Answer>(
        _ walk: () throws -> Answer, else other: (HistoryWalk) throws -> Answer
    ) throws -> Answer {
        do { return try walk() } catch let error as LibGitError where error.isNotFound {
            return try other(HistoryWalk(repository: repository))
        }
    }

    private func sendStatus(_ request: JSON, _ reply: HelperReply) throws {
        let records = try StatusRecords.read(repository, limit: number(request, "limit"))
        try records.withUnsafeBytes { try reply.send(StatusRecords.frame, $0) }
    }
}
