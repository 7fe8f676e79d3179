import BakeModel

/// What the reading helper is started with.
struct GitReadRequest {
    let path: String
    let processorSeconds: UInt64
    let addressSpace: UInt64

    init(path: String, limits: GitLimits) {
        self.path = path
        processorSeconds = UInt64(max(1, limits.processorSeconds))
        addressSpace = limits.addressSpace
    }

    var json: JSON {
        .record([
            "path": .string(path), "cpu": .number(Int64(processorSeconds)),
            "memory": .number(Int64(clamping: addressSpace)),
        ])
    }

    init(_ json: JSON) throws {
        guard let path = json["path"]?.string, let cpu = json["cpu"]?.number.flatMap(UInt64.init(exactly:)),
            let memory = json["memory"]?.number.flatMap(UInt64.init(exactly:))
        else { throw GitProtocolError(subject: "the request") }
        self.path = path
        processorSeconds = cpu
        addressSpace = memory
    }
}
