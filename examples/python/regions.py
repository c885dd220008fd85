"""Shows the greatest regions of a partition, and exports the partition where --out says so.

    python3 examples/python/regions.py mnist-a/2..2@mnist
    python3 examples/python/regions.py mnist-a/2..2@mnist --out mnist-a.npz
"""

import argparse
import sys

from atlas import Atlas, AtlasError, codes, commonest, export_partition

GREATEST = """query ($path: String!, $first: Int!) {
  partition(path: $path) {
    bitCount
    regionCount
    siteCount
    regions(first: $first, orderBy: MEMBER_COUNT_DESC) {
      nodes { memberCount purity labelCounts { label } code { hex } }
    }
  }
}"""


def main():
    parser = argparse.ArgumentParser(description="The greatest regions of a partition of a Polytope Atlas.")
    parser.add_argument("partition", help="its path, such as mnist-a/2..2@mnist")
    parser.add_argument("--first", type=int, default=10, help="how many regions (default: 10)")
    parser.add_argument("--out", help="write the whole partition to this NPZ file")
    parser.add_argument("--url", help="the atlas (default: ATLAS_URL, else http://localhost:4000)")
    arguments = parser.parse_args()
    atlas = Atlas(arguments.url)
    partition = atlas.query(GREATEST, path=arguments.partition, first=arguments.first)["partition"]
    if partition is None:
        sys.exit(f"There is no partition {arguments.partition}.")
    regions = partition["regions"]["nodes"]
    bits = codes([region["code"]["hex"] for region in regions], partition["bitCount"])
    print(f"{partition['siteCount']} sites in {partition['regionCount']} regions of {partition['bitCount']} bits")
    print("members  purity  label  active bits")
    for region, code in zip(regions, bits):
        print(f"{region['memberCount']:7}  {region['purity']:6.3f}  {commonest(region):5}  {code.sum():11}")
    if arguments.out:
        print("written:", export_partition(atlas, arguments.partition, arguments.out))


if __name__ == "__main__":
    try:
        main()
    except AtlasError as error:
        sys.exit(str(error))
