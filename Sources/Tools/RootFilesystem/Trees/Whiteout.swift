import BakeModel

/// How a layer says that something below it is gone (OCI image specification, "Whiteouts").
public enum Whiteout: Hashable {
    /// The entry of this name is gone.
    case of(name: [UInt8])
    /// Everything in the directory is gone.
    case opaque
    /// A mark of AUFS that means nothing to others.
    case meaningless

    /// What begins the names of all of them.
    static let prefix = Array(".wh.".utf8)
    /// The name of the entry that stands for an opaque directory.
    static let opaqueName = Array(".wh..wh..opq".utf8)

    /// Reads an entry's name; nil for an ordinary one.
    public init?(name: some Collection<UInt8>) {
        guard name.starts(with: Self.prefix) else { return nil }
        let rest = Array(name.dropFirst(Self.prefix.count))
        if name.elementsEqual(Self.opaqueName) {
            self = .opaque
        } else if rest.starts(with: Self.prefix) || rest.isEmpty || rest == [0x2e] || rest == [0x2e, 0x2e] {
            self = .meaningless
        } else {
            self = .of(name: rest)
        }
    }
}
