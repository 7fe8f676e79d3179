/// A Debian package of the image.
struct PackageState: ResourceState {
    let packages: PackageDatabase
    let name: String

    func value(of property: Property) throws -> FoundValue {
        let versions = packages.versions(of: name)
        switch property {
        case .installed: return .bool(!versions.isEmpty)
        case .versions:
            guard !versions.isEmpty else { throw StateError(subject: name, reason: "the package is not installed") }
            return .texts(versions)
        default: throw StateError.unasked(property, of: name)
        }
    }
}
