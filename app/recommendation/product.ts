/** What is known of a product where lists are made. Ids are Shopify's. */
export interface Product {
  id: string;
  title: string;
  handle: string | null;
  vendor: string | null;
  productType: string | null;
  tags: readonly string[];
  imageUrl: string | null;
  /** Lowest variant price in the shop's currency, as a decimal; null while unknown. */
  price: string | null;
  published: boolean;
  /** Unknown counts as in stock. */
  inStock: boolean;
  createdAt: Date | null;
}
