import Testing

@testable import RootFilesystem

/// subuid(5): LOGIN-OR-UID:FIRST:COUNT.
@Suite struct IdentityMapsTests {
    private func maps(_ users: String, _ groups: String? = nil) throws(NamespaceError) -> IdentityMaps {
        try IdentityMaps(
            user: 1000, group: 100, name: "alice", subordinateUsers: users, subordinateGroups: groups ?? users)
    }

    @Test func ownNumberIsRootAndTheRestIsSubordinate() throws {
        let maps = try maps("bob:100000:65536\nalice:165536:65536\n", "alice:300000:65535\n")
        #expect(maps.users.map(\.words) == [["0", "1000", "1"], ["1", "165536", "65535"]])
        #expect(maps.groups.map(\.words) == [["0", "100", "1"], ["1", "300000", "65535"]])
    }

    @Test func linesThatDoNotServeArePassedOver() throws {
        let maps = try maps("alice:1:10\nalice:x:65536\nalice:5\n1000:200000:65535:\n1000:200000:65535")
        #expect(maps.users.last?.words == ["1", "200000", "65535"])
    }

    @Test func withoutARangeTheMendingCommandIsNamed() {
        for text in ["", "alice:100000:65534\n", "alice2:100000:65536\n", "alice:4294967295:65536\n"] {
            #expect { try maps(text) } throws: {
                ($0 as? NamespaceError)?.hint?.hasPrefix("as root: usermod --add-subuids") == true
            }
        }
        #expect(throws: NamespaceError.self) { try maps("alice:100000:65536\n", "") }
    }
}
