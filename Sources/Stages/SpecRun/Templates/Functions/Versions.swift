extension TemplateFunctions {
    /// Sprig's functions of semantic versions.
    static let versions: [String: Function] = [
        "semver": Function(1) { a in
            guard let version = SemanticVersion(try a.text(0)) else {
                throw TemplateFault("\"\(try a.text(0))\" is no version")
            }
            return .map([
                "Major": .integer(Int64(version.major)), "Minor": .integer(Int64(version.minor)),
                "Patch": .integer(Int64(version.patch)),
                "Prerelease": .text(version.prerelease.joined(separator: ".")), "Metadata": .text(version.metadata),
                "Original": a[0],
            ])
        },
        "semverCompare": Function(2) { a in
            let (text, version) = (try a.text(0), try a.text(1))
            guard let constraint = VersionConstraint(text) else {
                throw TemplateFault("\"\(text)\" is no constraint of versions")
            }
            guard let version = SemanticVersion(version) else { throw TemplateFault("\"\(version)\" is no version") }
            return .bool(constraint.admits(version))
        },
    ]
}
