import BakeModel

/// What the committing helper is asked for.
struct GitCommitRequest {
    let repository: String
    let files: [GeneratedRepository.File]
    let message: String
    let author: Commit.Person
    let movesHead: Bool
    let addressSpace: UInt64

    init(
        repository: String, files: [GeneratedRepository.File], message: String, author: Commit.Person, movesHead: Bool,
        addressSpace: UInt64
    ) {
        self.repository = repository
        self.files = files
        self.message = message
        self.author = author
        self.movesHead = movesHead
        self.addressSpace = addressSpace
    }

    var json: JSON {
        [
            "repository": .string(repository), "files": .array(files.map(Self.json)), "message": .string(message),
            "name": .string(author.name), "mail": .string(author.mail), "time": .number(author.time.milliseconds),
            "head": .bool(movesHead), "memory": .number(Int64(clamping: addressSpace)),
        ]
    }

    init(_ json: JSON) throws {
        guard let repository = json["repository"]?.string, let files = json["files"]?.all(Self.file),
            let message = json["message"]?.string, let name = json["name"]?.string, let mail = json["mail"]?.string,
            let time = json["time"]?.number, case .bool(let movesHead)? = json["head"],
            let memory = json["memory"]?.number.flatMap(UInt64.init(exactly:))
        else { throw GitProtocolError(subject: "the request") }
        let author = Commit.Person(name: name, mail: mail, time: Timestamp(milliseconds: time), offsetMinutes: 0)
        self.init(
            repository: repository, files: files, message: message, author: author, movesHead: movesHead,
            addressSpace: memory)
    }

    private static func json(_ file: GeneratedRepository.File) -> JSON {
        switch file.content {
        case .text(let text): ["name": .string(file.name), "text": .string(text)]
        case .machine(let path): ["name": .string(file.name), "path": .string(path)]
        }
    }

    private static func file(_ json: JSON) -> GeneratedRepository.File? {
        guard let name = json["name"]?.string else { return nil }
        if let text = json["text"]?.string { return .init(name: name, content: .text(text)) }
        return json["path"]?.string.map { .init(name: name, content: .machine($0)) }
    }
}
