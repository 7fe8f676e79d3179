import BakeModel
import Glibc
import LinuxSystem

/// What the fetching helper is asked for.
struct GitFetchRequest {
    let url: RemoteURL
    let mirror: String
    /// A commit that must be there afterwards.
    let commit: CommitID?
    let options: FetchOptions
    let addressSpace: UInt64

    init(url: RemoteURL, mirror: String, commit: CommitID?, options: FetchOptions, limits: GitLimits) {
        self.url = url
        self.mirror = mirror
        self.commit = commit
        self.options = options
        addressSpace = limits.addressSpace
    }

    var json: JSON {
        .record([
            "url": .string(url.text), "mirror": .string(mirror), "commit": commit.map { .string($0.hex) },
            "certificates": options.certificates.map(JSON.string), "agent": options.agentSocket.map(JSON.string),
            "known": .array(options.knownHosts.map(JSON.string)), "proxy": options.proxy.map(JSON.string),
            "pack": .number(Int64(clamping: options.packBytes)), "memory": .number(Int64(clamping: addressSpace)),
        ])
    }

    init(_ json: JSON) throws {
        guard let url = json["url"]?.string, let mirror = json["mirror"]?.string,
            let pack = json["pack"]?.number.flatMap(UInt64.init(exactly:)),
            let memory = json["memory"]?.number.flatMap(UInt64.init(exactly:))
        else { throw GitProtocolError(subject: "the request") }
        self.url = try RemoteURL(parsing: url)
        self.mirror = mirror
        commit = json["commit"]?.string.flatMap { CommitID($0) }
        addressSpace = memory
        var options = FetchOptions()
        options.certificates = json["certificates"]?.string
        options.agentSocket = json["agent"]?.string
        options.knownHosts = json["known"]?.items?.compactMap(\.string) ?? []
        options.proxy = json["proxy"]?.string
        options.packBytes = pack
        self.options = options
    }

    /// The files of known hosts, as far as they can be read.
    var knownHosts: KnownHosts {
        KnownHosts(
            texts: options.knownHosts.compactMap { path in
                let bytes = try? Descriptor.open(path, O_RDONLY).readAll(limit: 16 << 20)
                return bytes.map { String(decoding: $0, as: UTF8.self) }
            })
    }
}
