# Packages, one object a line, to a document of SPDX.
def id: "SPDXRef-" + (.kind + "-" + .name + "-" + .version | gsub("[^A-Za-z0-9.-]"; "-"));
def package: {
  SPDXID: id, name, versionInfo: .version, downloadLocation: "NOASSERTION", filesAnalyzed: false,
  licenseConcluded: "NOASSERTION", licenseDeclared: "NOASSERTION", copyrightText: "NOASSERTION",
  supplier: (if .supplier then "Organization: " + .supplier else "NOASSERTION" end),
  checksums: (if .checksum then [.checksum] else [] end),
  externalRefs: [{referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: .purl}]
};
[inputs | package] | unique_by(.SPDXID) as $packages | {
  spdxVersion: "SPDX-2.3", dataLicense: "CC0-1.0", SPDXID: "SPDXRef-DOCUMENT", name: $name,
  documentNamespace: ("https://cachepolicy.dev/sbom/" + ($digest | sub(":"; "/"))),
  creationInfo: {created: $created, creators: ["Tool: cachepolicy-make-images"]},
  documentDescribes: ["SPDXRef-image"],
  packages: ([{
    SPDXID: "SPDXRef-image", name: $name, versionInfo: $digest, downloadLocation: "NOASSERTION", filesAnalyzed: false,
    licenseConcluded: "NOASSERTION", licenseDeclared: "NOASSERTION", copyrightText: "NOASSERTION", primaryPackagePurpose: "CONTAINER",
    checksums: [{algorithm: "SHA256", checksumValue: ($digest | sub("^sha256:"; ""))}]
  }] + $packages),
  relationships: ([{spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: "SPDXRef-image"}]
    + [$packages[] | {spdxElementId: "SPDXRef-image", relationshipType: "CONTAINS", relatedSpdxElement: .SPDXID}])
}
